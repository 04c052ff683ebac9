//! File systems and networks that fail.

use std::io::{Read as _, Write as _};
use std::process::{Command, Output, Stdio};

use super::{Running, ask, call, disk, hear, program, say};

/// A command in namespaces of its own, after `preparation` (a line of shell) has been run in them; `None`
/// where the system makes none. Where it makes some the preparation must succeed in CI; a reader's machine
/// may lack what it needs, and is told.
fn enclosed(kinds: &str, preparation: &str) -> Option<Command> {
    let made = |script: &str| {
        Command::new("unshare")
            .args([kinds, "sh", "-ec", script])
            .stderr(Stdio::piped())
            .output()
    };
    match made(":") {
        Ok(output) if output.status.success() => {}
        other => {
            eprintln!("not examined: no namespaces here ({other:?})");
            return None;
        }
    }
    let prepared = made(preparation).unwrap();
    if !prepared.status.success() {
        assert!(std::env::var_os("CI").is_none(), "{prepared:?}");
        eprintln!("not examined: {prepared:?}");
        return None;
    }
    let mut command = Command::new("unshare");
    command.args([
        kinds,
        "sh",
        "-ec",
        &format!("{preparation}; exec \"$0\" \"$@\""),
    ]);
    Some(command)
}

fn arguments_of(inner: &Command, outer: &mut Command) {
    outer.arg(inner.get_program()).args(inner.get_args());
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display();
    let fill = format!("mount -t tmpfs -o size=64k none '{at}'; printf hello > '{at}/a'");
    let Some(mut command) = enclosed("-Urm", &fill) else {
        return;
    };
    arguments_of(&disk(folder.path()), &mut command);
    let server = Running::start(&mut command);
    let (line, http) = (server.endpoint(), server.endpoint());
    let content = vec![b'x'; 1_000_000];
    // A new file, and one that would replace another.
    for name in ["big", "big", "a"] {
        let order = format!("PUT {} {name}\n", content.len());
        let mut client = call(line);
        assert_eq!(ask(&mut client, &order), "GO\n");
        // It may stop reading before all is sent.
        let _ = client.get_mut().write_all(&content);
        let refused = hear(&mut client);
        assert!(refused.starts_with("ERROR full "), "{refused}");
        assert!(!refused.contains("os error"), "{refused}");

        let length = content.len();
        let head = format!(
            "PUT /files/{name} HTTP/1.1\r\nHost: {http}\r\nContent-Length: {length}\r\n\r\n"
        );
        let mut client = call(http);
        say(&mut client, &head);
        let _ = client.get_mut().write_all(&content);
        assert!(hear(&mut client).starts_with("HTTP/1.1 507 "));

        let mut client = call(line);
        assert_eq!(ask(&mut client, "GET a\n"), "OK 5\n");
        let mut kept = [0; 5];
        client.read_exact(&mut kept).unwrap();
        assert_eq!(&kept, b"hello");
    }
    let mut client = call(line);
    assert_eq!(ask(&mut client, "LIST\n"), "OK 1\n");
    assert_eq!(hear(&mut client), "5 a\n");
    // Nothing of the refused file takes room.
    let rest = "y".repeat(40_000);
    assert_eq!(ask(&mut client, "PUT 40000 rest\n"), "GO\n");
    assert_eq!(ask(&mut client, &format!("{rest}END\n")), "OK created\n");
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display();
    let lock =
        format!("mount -t tmpfs none '{at}'; printf hello > '{at}/a'; mount -o remount,ro '{at}'");
    let Some(mut command) = enclosed("-Urm", &lock) else {
        return;
    };
    arguments_of(&disk(folder.path()), &mut command);
    let server = Running::start(&mut command);
    let line = server.endpoint();
    for order in ["PUT 3 b\n", "PUT 3 a\n", "REMOVE a\n"] {
        let refused = ask(&mut call(line), order);
        assert!(refused.starts_with("ERROR "), "{order:?}: {refused}");
        assert!(!refused.contains("os error"), "{refused}");
    }
    assert_eq!(ask(&mut call(line), "GET a\n"), "OK 5\n");

    // A client that cannot keep what it gets says so, and fails.
    let mut client = enclosed("-Urm", &lock).unwrap();
    client.arg(program("lesson-00-cs-vs-bs"));
    client.args(["get", "a", "--port", &line.port().to_string()]);
    client.arg("--output").arg(folder.path().join("copy"));
    let output = client.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    sentence(&output);
}

/// An error is one readable sentence.
fn sentence(output: &Output) {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(said.starts_with("error: "), "{said}");
    assert!(
        !said.contains("os error") && !said.contains("panicked"),
        "{said}"
    );
}

#[test]
fn without_ipv6_everything_but_ipv6_works() {
    const WITHOUT: &str = "ip link set lo up; echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";
    let run = |name: &str, arguments: &[&str]| {
        let mut command = enclosed("-Urn", WITHOUT)?;
        let command = command.arg(program(name)).args(arguments);
        Some(command.stdin(Stdio::null()).output().unwrap())
    };
    for lesson in [
        "lesson-00-cs-vs-bs",
        "lesson-02-tcp-vs-udp",
        "lesson-03-unix-sockets",
    ] {
        let Some(output) = run(lesson, &[]) else {
            return;
        };
        assert!(output.status.success(), "{lesson}: {output:?}");
    }
    let folder = tempfile::tempdir().unwrap();
    let shared = folder.path().to_str().unwrap();
    for (name, arguments) in [
        (
            "lesson-00-cs-vs-bs",
            &["serve", "--addr", "::1", "--folder", shared][..],
        ),
        ("lesson-00-cs-vs-bs", &["list", "--addr", "::1"]),
        ("lesson-02-tcp-vs-udp", &["receive", "--addr", "::1"]),
        (
            "lesson-02-tcp-vs-udp",
            &["send", "--tcp", "--to", "[::1]:9", "hi"],
        ),
        ("lesson-04-tcp-chat", &["server", "--addr", "::1"]),
        ("lesson-04-tcp-chat", &["client", "--addr", "::1"]),
    ] {
        let output = run(name, arguments).unwrap();
        assert_eq!(
            output.status.code(),
            Some(1),
            "{name} {arguments:?}: {output:?}"
        );
        sentence(&output);
        if arguments[0] != "list" && arguments[0] != "client" && arguments[0] != "send" {
            // There is no ::1 here, so it must not be the advice alone.
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(
                said.contains("use 127.0.0.1") || said.contains("listen on 127.0.0.1"),
                "{said}"
            );
        }
    }
}
