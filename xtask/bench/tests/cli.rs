//! The command line.
#![cfg(unix)]

use std::process::{Command, Output};

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
    assert!(octets.parse::<u64>().unwrap() > 100_000, "{said}");
    assert_eq!(bench(&["peak-of", "false"]).status.code(), Some(1));
}
