//! The program as a student runs it: mistakes end in one sentence.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpStream, UdpSocket},
    process::{Command, Output, Stdio},
    thread,
};

fn lesson(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lesson-02-tcp-vs-udp"))
        .args(args)
        .output()
        .expect("the program starts")
}

/// The run fails with exit code 1 and one sentence that contains `part`.
#[track_caller]
fn fails_with(args: &[&str], part: &str) {
    let output = lesson(args);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.starts_with("error: ") && text.contains(part), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains("os error"), "{text}");
}

#[test]
fn a_taken_port_is_named() {
    let taken = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    fails_with(&["receive", "--port", &port], "is taken by another program");
    let to = ["relay", "--to", "127.0.0.1:9", "--port", &port];
    fails_with(&to, "is taken by another program");
}

#[test]
fn wrong_addresses_are_explained() {
    fails_with(
        &["boundaries", "--addr", "192.0.2.1"],
        "is not an address of this machine",
    );
    fails_with(
        &["send", "--to", "nonsense"],
        "cannot find an address for `nonsense`",
    );
    fails_with(
        &["relay", "--to", "127.0.0.1"],
        "cannot find an address for `127.0.0.1`",
    );
}

#[test]
fn a_sender_without_end_does_not_fill_the_memory() {
    let mut receiver = Command::new(env!("CARGO_BIN_EXE_lesson-02-tcp-vs-udp"))
        .args(["receive", "--tcp", "--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(receiver.stdout.take().unwrap());
    let mut first = String::new();
    printed.read_line(&mut first).unwrap();
    let to = first.trim().strip_prefix("listening on ").unwrap();
    let mut sender = TcpStream::connect(to).unwrap();
    let sends = thread::spawn(move || sender.write_all("message 07\n".repeat(10_001).as_bytes()));
    let mut text = String::new();
    printed.read_to_string(&mut text).unwrap();
    sends.join().unwrap().unwrap();
    assert!(receiver.wait().unwrap().success());
    assert_eq!(text.matches("message 07").count(), 10_001);
    let counted = "only the first 10000 numbers are counted:\n10000 arrived: 7 7";
    assert!(text.contains(counted), "{}", &text[text.len() - 200..]);
}

#[test]
fn nobody_comes() {
    fails_with(&["receive", "--wait", "1"], "nothing came in 1 second");
    fails_with(
        &["receive", "--tcp", "--wait", "1"],
        "nothing came in 1 second",
    );
}

#[test]
fn a_text_that_is_too_long_for_a_datagram_is_refused() {
    // A socket that nobody reads: what matters is that the port is open.
    let open = UdpSocket::bind("127.0.0.1:0").unwrap();
    let to = open.local_addr().unwrap().to_string();
    fails_with(
        &["send", "--to", &to, &"x".repeat(70_000)],
        "70000 octets is longer",
    );
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    for args in [
        &["bound"][..],
        &["relay"],
        &["relay", "--to", "127.0.0.1:9", "--drop", "101"],
        &["send", "--to", "127.0.0.1:9", "--count", "0"],
        &[
            "relay",
            "--to",
            "127.0.0.1:9",
            "--listen",
            "127.0.0.1:0",
            "--port",
            "1",
        ],
        &["relay", "--to", "127.0.0.1:9", "--segment", "0"],
    ] {
        assert_eq!(lesson(args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn help_has_examples() {
    for args in [
        &["--help"][..],
        &["relay", "--help"],
        &["send", "--help"],
        &["receive", "--help"],
    ] {
        let output = lesson(args);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success());
        assert!(text.contains("lesson-02-tcp-vs-udp "), "{text}");
    }
}
