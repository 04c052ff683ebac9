//! The chores as they are typed.

use std::process::{Command, Output, Stdio};

fn xtask(arguments: &[&str], stdout: impl Into<Stdio>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .stdout(stdout)
        .stderr(Stdio::piped())
        .output()
        .expect("cargo has built it")
}

#[test]
fn a_wrong_command_line_has_the_exit_code_2() {
    for line in [
        &[][..],
        &["hostil"],
        &["ci", "x"],
        &["fuzz", "no-such-target"],
        &["fuzz", "--minutes", "x"],
    ] {
        let output = xtask(line, Stdio::piped());
        assert_eq!(output.status.code(), Some(2), "{line:?}: {output:?}");
        assert!(!output.stderr.is_empty(), "{line:?}");
    }
}

#[test]
fn whoever_closes_the_output_hears_no_complaint() {
    for line in [&["--help"][..], &["fuzz", "--help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = xtask(line, writer);
        assert!(output.status.success(), "{line:?}: {output:?}");
        assert_eq!(output.stderr, b"", "{line:?}");
    }
}
