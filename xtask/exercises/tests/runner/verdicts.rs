//! The verdict on each kind of failure, from real runs.

use insta::assert_snapshot;

use crate::common::{BITS, SHOUT, Tree};

/// What `serve` does after it has accepted the client.
fn serve(body: &str) -> String {
    format!(
        "use std::io::{{self, Read, Write}};\n\nuse kit::net::TcpListener;\n\npub fn serve(listener: &TcpListener) -> io::Result<()> {{\n    let (mut stream, _) = listener.accept()?;\n    let mut buffer = [0; 1024];\n{body}\n}}\n"
    )
}

/// The verdict. What differs from run to run is replaced: numbers of ports and threads, times; and the
/// steps of a story that two sides write, each at its own pace.
#[track_caller]
fn verdict(name: &str, answer: &str) -> String {
    let tree = Tree::new();
    tree.answer(name, answer);
    let ran = tree.run(&["check", name]);
    let mut told = String::new();
    let mut steps = 0;
    for line in ran.out.lines() {
        let is_step = line.len() > 5 && line[..5].trim().parse::<u32>().is_ok() && name == SHOUT;
        if is_step {
            steps += 1;
        } else if steps > 0 && !line.is_empty() {
            continue;
        }
        if line.is_empty() && steps > 0 {
            told += "    (the story)\n";
            steps = 0;
        }
        if !is_step {
            told += line;
            told.push('\n');
        }
    }
    told
}

#[track_caller]
fn check(snapshot: &str, name: &str, answer: &str) {
    let told = verdict(name, answer);
    insta::with_settings!({
        filters => [
            (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
            (r"\(\d+\.\d s of processor\s+time\)", "(… s of processor time)"),
            (r"'your server' \(\d+\)", "'your server' (ID)"),
        ],
        omit_expression => true,
    }, { assert_snapshot!(snapshot, told); });
}

/// An answer from `wrong/`.
fn wrong(name: &str) -> String {
    let tree = Tree::new();
    let path = tree.exercise(SHOUT).join("wrong").join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_story_is_told_with_its_steps() {
    let tree = Tree::new();
    tree.run(&["check", SHOUT]).bad().says(&[
        "1. the check made a listening socket on 127.0.0.1:",
        "the client sent 6 octets \"hello\\n\" 68 65 6c 6c 6f 0a",
        "your server: `read` returned 6 octets",
        "your server calls `write` with 6 octets \"HELLO\\n\"",
        "the client received the end of the stream",
        "hint shout-each-line (3 hints left)",
    ]);
}

#[test]
fn passed() {
    check("passed", SHOUT, &Tree::new().solution(SHOUT));
}

#[test]
fn a_value() {
    check("value", BITS, &Tree::new().starter(BITS));
}

#[test]
fn a_value_after_many_right_ones() {
    let right_at_first = "pub fn octet_to_bits(octet: u8) -> String {\n    if octet == 200 { return \"?\".into(); }\n    format!(\"{octet:08b}\")\n}\n";
    check("late-value", BITS, right_at_first);
}

#[test]
fn octets_and_a_known_mistake() {
    check("octets", SHOUT, &wrong("one-read-is-one-message.rs"));
}

#[test]
fn perhaps_a_known_mistake() {
    // In one write, so that it comes in one piece.
    let other = wrong("one-read-is-one-message.rs").replace(
        "&buffer[..count].to_ascii_uppercase()",
        "&if buffer[..count].ends_with(b\"\\n\") { buffer[..count].to_ascii_uppercase() } else { b\"and?\".to_vec() }",
    );
    check("perhaps", SHOUT, &other);
}

#[test]
fn a_stream_that_ends() {
    check("end", SHOUT, &Tree::new().starter(SHOUT));
}

#[test]
fn everybody_waits() {
    check("waiting", SHOUT, &wrong("answer-after-the-last-line.rs"));
}

#[test]
fn nobody_accepts() {
    let body = "let (other, _) = listener.accept()?;\n    drop((other, &mut stream, &mut buffer));\n    Ok(())";
    check(
        "accept",
        SHOUT,
        &serve(body).replace("use std::io::{self, Read, Write};", "use std::io;"),
    );
}

#[test]
fn reads_of_nothing_for_ever() {
    check("spin", SHOUT, &wrong("end-of-stream-is-ignored.rs"));
}

#[test]
fn a_loop_without_calls() {
    check(
        "loop",
        SHOUT,
        &serve("let _ = stream.read(&mut buffer)?;\n    loop { std::hint::spin_loop(); }")
            .replace("Read, Write", "Read"),
    );
}

#[test]
fn a_panic_has_its_place_and_its_meaning() {
    let body = "    let count = stream.read(&mut buffer)?;\n    let line = std::str::from_utf8(&buffer[..count]).ok().and_then(|text| text.strip_prefix(\"?\")).unwrap();\n    stream.write_all(line.as_bytes())";
    check("panic", SHOUT, &serve(body));
    check(
        "todo",
        BITS,
        "pub fn octet_to_bits(_: u8) -> String {\n    todo!()\n}\n",
    );
}

#[test]
fn a_program_that_ends_itself() {
    let bits =
        |body: &str| format!("pub fn octet_to_bits(octet: u8) -> String {{\n    {body}\n}}\n");
    check(
        "exit",
        BITS,
        &bits("std::process::exit(i32::from(octet == 0))"),
    );
    check(
        "abort",
        BITS,
        &bits("if octet == 5 { std::process::abort() }\n    format!(\"{octet:08b}\")"),
    );
    let deep = bits(
        "let deeper = octet_to_bits(octet ^ 1);\n    if deeper.len() > 9 { deeper } else { octet_to_bits(octet) }",
    );
    let told = verdict(BITS, &deep);
    assert!(
        told.contains("The stack has overflowed, and the system ended the program."),
        "{told}"
    );
}

#[cfg(unix)]
#[test]
fn a_program_that_does_not_end() {
    let stops = "pub fn octet_to_bits(_: u8) -> String {\n    let own = std::process::id().to_string();\n    let _ = std::process::Command::new(\"kill\").args([\"-STOP\", &own]).status();\n    String::new()\n}\n";
    check("stopped", BITS, stops);
}

#[test]
fn what_the_code_prints_cannot_harm_the_terminal() {
    let noisy = "pub fn octet_to_bits(octet: u8) -> String {\n    println!(\"\\x1b[2J\\x1b]0;title\\x07 {octet}\");\n    format!(\"\\u{1b}[2J{octet:08b}\\u{202e}\")\n}\n";
    let told = verdict(BITS, noisy);
    assert!(
        told.chars().all(|c| c == '\n' || !c.is_control()),
        "{told:?}"
    );
    check("harmless", BITS, noisy);
}

#[test]
fn an_answer_that_does_not_compile() {
    let refused = verdict(
        BITS,
        "pub fn octet_to_bits(octet: u8) -> String {\n    octet\n}\n",
    );
    // rustc's own words, which change from version to version.
    for part in [
        "error[E0308]: mismatched types",
        "--> lessons/01-ip-address/exercises/octet-to-bits/exercise.rs:2:5",
        "It does not compile: 1 error.\n",
        "cargo xtask exercise check octet-to-bits",
    ] {
        assert!(refused.contains(part), "{refused}");
    }
    check(
        "renamed",
        BITS,
        "pub fn to_bits(octet: u8) -> String {\n    octet.to_string()\n}\n",
    );
    check(
        "signature",
        BITS,
        "pub fn octet_to_bits(octet: u32) -> String {\n    octet.to_string()\n}\n",
    );
}

#[test]
fn warnings_follow_the_verdict() {
    let warned = Tree::new()
        .solution(BITS)
        .replace("    let mut bits", "    let unused = 1;\n    let mut bits");
    check("warnings", BITS, &warned);
}

#[test]
fn colours_are_for_terminals_and_for_who_asks() {
    let tree = Tree::new();
    tree.answer(
        BITS,
        "pub fn octet_to_bits(octet: u8) -> String {\n    octet\n}\n",
    );
    assert!(!tree.run(&["check", BITS]).out.contains('\u{1b}'));
    let mut command = tree.command(&["check", BITS]);
    let forced = command.env("CLICOLOR_FORCE", "1").output().unwrap();
    let forced = String::from_utf8(forced.stdout).unwrap();
    assert!(forced.contains("\u{1b}[1m"), "{forced}");
    let both = command
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    assert!(!String::from_utf8(both.stdout).unwrap().contains('\u{1b}'));
}
