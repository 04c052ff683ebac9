//! `ip-demo` as a student or a script meets it: what it prints, where, and its exit code.

#![expect(
    clippy::unwrap_used,
    reason = "a test may fail in one place as well as in another"
)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn ip_demo(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ip-demo"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Exit code, standard output, standard error.
fn run(arguments: &[&str], input: &str) -> (i32, String, String) {
    let output = ip_demo(arguments, input.as_bytes());
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn bad_arguments_are_refused_with_a_caret_and_exit_code_1() {
    for text in [
        "256.1.1.1",
        "1.2.3",
        "01.2.3.4",
        "010.2.3.4",
        "08.1.1.1",
        "0x7f.1",
        "1.2.3.4.5",
        "",
        " ",
        "100.4.5.6 ",
        "100.4.5.6\n",
        "\u{661}.\u{662}.\u{663}.\u{664}",
        "1.2.3.\u{FF14}",
        "1.2.3.-4",
        "1.2.3.4/33",
        "1..2.3",
        "+1.2.3.4",
        "1.2.3.4x",
    ] {
        let (code, out, err) = run(&["--to", "dotted", text], "");
        assert_eq!((code, out.as_str()), (1, ""), "{text:?}: {err}");
        assert!(
            err.starts_with("error: ") && err.contains('^'),
            "{text:?}: {err}"
        );
    }
}

#[test]
fn the_others_are_shown_although_one_is_refused() {
    let (code, out, err) = run(&["--to", "hex", "100.4.5.6", "300.1.1.1", "1.2.3.4"], "");
    assert_eq!((code, out.as_str()), (1, "0x64040506\n0x01020304\n"));
    assert!(err.starts_with("error: octet 1 is 300"), "{err}");
}

#[test]
fn a_wrong_option_is_exit_code_2() {
    assert_eq!(run(&["--bogus"], "").0, 2);
    assert_eq!(run(&["--seed", "1"], "").0, 2);
    assert_eq!(run(&["--json", "--wire", "1.2.3.4"], "").0, 2);
}

#[test]
fn lines_from_standard_input() {
    let (code, out, err) = run(&[], "100.4.5.6\n1.2.3\n0x01020304\n");
    assert_eq!(code, 1);
    assert_eq!(
        out,
        "01100100.00000100.00000101.00000110\n00000001.00000010.00000011.00000100\n"
    );
    assert!(err.starts_with("error: line 2: 3 octets"), "{err}");
    assert!(err.ends_with("error: 1 of 3 lines refused\n"), "{err}");
    let (code, out, err) = run(&["--to", "decimal"], "100.4.5.6");
    assert_eq!((code, out.as_str(), err.as_str()), (0, "1677985030\n", ""));
    let (code, out, _) = run(&["1.2.3.4", "--to", "dotted", "-"], "::1\n10.0.0.0/8\n");
    assert_eq!((code, out.as_str()), (0, "1.2.3.4\n::1\n10.0.0.0/8\n"));
}

#[test]
fn a_terminal_never_gets_control_characters_from_the_input() {
    let output = ip_demo(&[], b"\x1b[2J\x07\r\r\n1.2.3.4\x1b]0;x\x07\n");
    let escape = |octet: &u8| octet.is_ascii_control() && *octet != b'\n';
    assert!(!output.stderr.iter().any(escape), "{:?}", output.stderr);
}

#[test]
fn a_quiz_ends_with_the_input_and_is_no_failure() {
    let (code, out, _) = run(&["--quiz", "--seed", "7", "--questions", "3"], "1\n");
    assert_eq!(code, 0);
    assert!(
        out.ends_with("0 of 1 right. The same questions again: --seed 7\n"),
        "{out}"
    );
}

/// Nobody reads standard error: the good lines are converted all the same, and the exit code tells.
#[cfg(target_os = "linux")]
#[test]
fn an_error_that_cannot_be_printed_is_still_exit_code_1() {
    for arguments in [&["-"][..], &["1.2.3"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let mut child = Command::new(env!("CARGO_BIN_EXE_ip-demo"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(full.unwrap())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // With an argument, the program may have ended without reading this.
        let _ = stdin.write_all(b"1.2.3\n1.2.3.4\n");
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        if arguments == ["-"] {
            assert_eq!(output.stdout, b"00000001.00000010.00000011.00000100\n");
        }
    }
}

#[test]
fn a_file_from_windows_is_read_or_named() {
    let (code, out, err) = run(&["--to", "decimal"], "\u{feff}1.2.3.4\r\n1.2.3.5\r\n");
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (0, "16909060\n16909061\n", "")
    );
    let utf_16: Vec<u8> = "\u{feff}1.2.3.4\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let output = ip_demo(&[], &utf_16);
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(err.ends_with("save it as UTF-8\n"), "{err}");
}
