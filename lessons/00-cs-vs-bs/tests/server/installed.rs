//! The installed client, as the program that a user starts.

use super::common::{Server, files};
use super::lies::liar;
use lesson_00_cs_vs_bs::line::client::LineClient;
use std::io::{BufRead as _, BufReader, Lines};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

fn client(folder: &Path, port: u16, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lesson-00-cs-vs-bs"))
        .args(arguments)
        .args(["--port", &port.to_string()])
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn get_that_breaks_off_leaves_the_local_file() {
    let here = tempfile::tempdir().unwrap();
    std::fs::write(here.path().join("a"), "local").unwrap();
    for lie in ["OK 1000\nhalf", "OK 18446744073709551615\nhalf", "OK -1\n"] {
        let (end, thread) = liar(lie.into());
        let output = client(here.path(), end.port(), &["get", "a"]);
        thread.join().unwrap();
        assert_eq!(output.status.code(), Some(1), "{lie}");
        assert_eq!(std::fs::read(here.path().join("a")).unwrap(), b"local");
        assert_eq!(files(here.path()), ["a"]);
    }
}

#[test]
fn a_name_with_a_line_end_is_refused() {
    let (server, here) = (Server::plain(), tempfile::tempdir().unwrap());
    std::fs::write(here.path().join("a"), "x").unwrap();
    for name in ["b\nREMOVE a", "b\r"] {
        let output = client(here.path(), server.line.port(), &["put", "a", name]);
        assert!(said(&output).contains("end of a line"), "{output:?}");
    }
    assert!(files(server.folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn get_replaces_regular_files_only_and_keeps_their_mode() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (server, here) = (Server::plain(), tempfile::tempdir().unwrap());
    std::fs::write(server.path("a"), "new").unwrap();
    std::fs::create_dir(here.path().join("folder")).unwrap();
    symlink("/dev/null", here.path().join("link")).unwrap();
    for output in ["folder", "link"] {
        let output = client(
            here.path(),
            server.line.port(),
            &["get", "a", "--output", output],
        );
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("no regular file"), "{output:?}");
    }
    assert!(here.path().join("link").is_symlink());

    let private = here.path().join("private");
    std::fs::write(&private, "old").unwrap();
    std::fs::set_permissions(&private, std::fs::Permissions::from_mode(0o600)).unwrap();
    let output = client(
        here.path(),
        server.line.port(),
        &["get", "a", "--output", "private"],
    );
    assert!(output.status.success(), "{output:?}");
    assert_eq!(std::fs::read(&private).unwrap(), b"new");
    let mode = std::fs::metadata(&private).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let output = client(
        here.path(),
        server.line.port(),
        &["get", "a", "--output", "gone/x"],
    );
    assert!(!said(&output).contains("os error"), "{output:?}");
}

/// Ends a program, whatever becomes of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `serve` in this folder; returns what it prints from then on, and a client.
fn serving(
    mut command: Command,
    folder: &Path,
) -> (Running, Lines<BufReader<ChildStdout>>, LineClient) {
    command.args(["serve", "--port", "0", "--http-port", "0", "--folder"]);
    let server = command.arg(folder).stdout(Stdio::piped()).spawn();
    let mut server = Running(server.unwrap());
    let mut lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let listening = lines.find_map(|line| {
        let line = line.unwrap();
        let end = line.strip_prefix("listening on ")?.split(' ').next()?;
        end.parse::<SocketAddr>().ok()
    });
    let client = LineClient::connect(listening.unwrap()).unwrap();
    (server, lines, client)
}

#[cfg(unix)]
#[test]
fn a_file_larger_than_the_system_lets_anybody_write_is_refused() {
    use lesson_00_cs_vs_bs::line::client::ClientError;

    let folder = tempfile::tempdir().unwrap();
    let mut limited = Command::new("/bin/sh");
    // A block has 512 or 1,024 octets, as the shell likes.
    limited.args(["-c", "ulimit -f 8 && exec \"$0\" \"$@\""]);
    limited.arg(env!("CARGO_BIN_EXE_lesson-00-cs-vs-bs"));
    let (mut server, _lines, mut client) = serving(limited, folder.path());
    client
        .put("small", 1_000, &mut std::io::repeat(b'x'))
        .unwrap();
    let refused = client.put("large", 100_000, &mut std::io::repeat(b'x'));
    assert!(matches!(refused, Err(ClientError::Refused(why)) if why.contains("full")));
    assert_eq!(server.0.try_wait().unwrap(), None);
    assert_eq!(files(folder.path()), ["small"]);
}

#[test]
fn a_log_that_nobody_reads_stops_no_client() {
    let folder = tempfile::tempdir().unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_lesson-00-cs-vs-bs"));
    // Nobody empties the pipe any more, which holds 64 KiB on Linux and less on macOS.
    let (_server, lines, mut client) = serving(program, folder.path());
    for _ in 0..10_000 {
        assert!(client.list().unwrap().is_empty());
    }
    drop(lines);
}
