//! The command line.
#![cfg(unix)]

use std::process::{Command, Output, Stdio};

fn bench(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(arguments)
        .output()
        .expect("cargo has built it")
}

#[test]
fn who_asks_for_another_benchmark_gets_the_list() {
    let output = bench(&["ip-one", "ip-two"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("there is no benchmark `ip-two`"), "{said}");
    assert!(said.contains("  roundtrip   64 octets"), "{said}");
    assert_eq!(output.stdout, b"", "nothing is measured first");
}

#[test]
fn the_list_names_each_benchmark_on_its_line() {
    let output = bench(&["list"]);
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), 12, "{said}");
    assert!(said.lines().all(|line| line.starts_with("  ")), "{said}");
}

#[test]
fn the_peak_of_a_program_is_said_after_its_own_words() {
    let output = bench(&["peak-of", "sh", "-c", "echo said >&2"]);
    let said = String::from_utf8(output.stderr).unwrap();
    let [words, octets] = said.lines().collect::<Vec<_>>()[..] else {
        panic!("{said}");
    };
    assert_eq!(words, "said");
    // So short a program may have been seen only at its very beginning.
    assert!(octets.parse::<u64>().unwrap() > 0, "{said}");
    assert_eq!(bench(&["peak-of", "false"]).status.code(), Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn the_peak_is_the_programs_own_and_not_that_of_the_bench() {
    use std::io::{Read as _, Write as _};
    use std::time::{Duration, Instant};

    let mut bench = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(["peak-of", "cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", bench.id());
    let field = |name: &str| -> u64 {
        let status = std::fs::read_to_string(&status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        number.unwrap().parse().unwrap()
    };
    bench.stdin.as_mut().unwrap().write_all(b"x").unwrap();
    let mut answer = [0];
    (bench.stdout.as_mut().unwrap().read_exact(&mut answer)).unwrap();
    // Now `cat` runs. When the bench has paused twice more, it has looked at it once.
    let (before, end) = (
        field("voluntary_ctxt_switches:"),
        Instant::now() + Duration::from_secs(30),
    );
    while field("voluntary_ctxt_switches:") < before + 2 {
        assert!(Instant::now() < end, "the bench does not look");
        std::thread::yield_now();
    }
    let own = field("VmHWM:") * 1024;
    drop(bench.stdin.take());
    let output = bench.wait_with_output().unwrap();
    let seen = String::from_utf8(output.stderr).unwrap();
    let seen: u64 = seen.trim().parse().unwrap();
    assert!(seen < own, "{seen} octets of `cat`, {own} of the bench");
}

#[test]
fn a_reader_that_has_seen_enough_hears_no_complaint() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_bench"))
        .arg("list")
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stderr, b"");
}
