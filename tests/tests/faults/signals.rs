//! Programs that are stopped and woken, or killed.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::Command;

use rustix::process::Signal;

use super::{DEADLINE, Running, ask, call, disk, hear, program, say, until};

#[test]
fn the_disk_goes_on_after_it_was_stopped() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "hello").unwrap();
    let server = Running::start(&mut disk(folder.path()));
    let (line, http) = (server.endpoint(), server.endpoint());
    let (mut installed, mut browser) = (call(line), call(http));
    assert_eq!(ask(&mut installed, "LIST\n"), "OK 1\n");
    assert_eq!(hear(&mut installed), "5 a\n");
    assert_eq!(ask(&mut installed, "PUT 6 b\n"), "GO\n");
    // It waits: for the octets of a file, for a request, for new clients.
    server.stop_and_go();
    assert_eq!(ask(&mut installed, "world\nEND\n"), "OK created\n");
    let request = format!("GET /files/b HTTP/1.1\r\nHost: {http}\r\n\r\n");
    assert_eq!(ask(&mut browser, &request), "HTTP/1.1 200 OK\r\n");
    assert_eq!(ask(&mut call(line), "LIST\n"), "OK 2\n");
}

#[test]
fn the_relays_go_on_after_they_were_stopped() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let datagrams = UdpSocket::bind("127.0.0.1:0").unwrap();
    datagrams.set_read_timeout(Some(DEADLINE)).unwrap();
    let relay = |options: &[&str], to: SocketAddr| {
        let mut command = Command::new(program("lesson-02-tcp-vs-udp"));
        Running::start(
            command
                .arg("relay")
                .args(options)
                .args(["--to", &to.to_string()]),
        )
    };
    let stream = relay(&["--tcp"], listener.local_addr().unwrap());
    let mut client = call(stream.endpoint());
    say(&mut client, "one\n");
    let mut behind = BufReader::new(listener.accept().unwrap().0);
    assert_eq!(hear(&mut behind), "one\n");
    stream.stop_and_go();
    say(&mut client, "two\n");
    assert_eq!(hear(&mut behind), "two\n");
    say(&mut behind, "three\n");
    assert_eq!(hear(&mut client), "three\n");

    let udp = relay(&[], datagrams.local_addr().unwrap());
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    client.connect(udp.endpoint()).unwrap();
    for number in 0..3_u8 {
        client.send(&[number]).unwrap();
        let mut octets = [0; 8];
        let (length, from) = datagrams.recv_from(&mut octets).unwrap();
        assert_eq!(octets[..length], [number]);
        udp.stop_and_go();
        client.set_read_timeout(Some(DEADLINE)).unwrap();
        datagrams.send_to(&[number], from).unwrap();
        assert_eq!(client.recv(&mut octets).unwrap(), 1);
    }
}

#[test]
fn the_unix_server_goes_on_after_it_was_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program("lesson-03-unix-sockets"));
    command
        .args(["server", "--path", "s"])
        .current_dir(folder.path());
    let server = Running::start(&mut command);
    server.line("listening on");
    let mut talk = BufReader::new(UnixStream::connect(folder.path().join("s")).unwrap());
    talk.get_ref().set_read_timeout(Some(DEADLINE)).unwrap();
    for _ in 0..2 {
        talk.get_mut().write_all(b"hello\n").unwrap();
        let mut answer = String::new();
        talk.read_line(&mut answer).unwrap();
        assert_eq!(answer, "HELLO\n");
        server.stop_and_go();
    }
}

#[test]
fn the_chat_goes_on_after_it_was_stopped() {
    let mut command = Command::new(program("lesson-04-tcp-chat"));
    let mut server = Running::start(command.args(["server", "--port", "0"]));
    let mut caller = call(server.endpoint());
    server.stop_and_go();
    say(&mut caller, "hello.");
    server.stop_and_go();
    server
        .child
        .stdin
        .as_mut()
        .unwrap()
        .write_all(b"who is there?\n")
        .unwrap();
    let mut heard = [0; 13];
    caller.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"who is there?");
    say(&mut caller, "bye");
    caller.get_mut().shutdown(Shutdown::Write).unwrap();
    assert!(server.ended().success());
}

#[test]
fn what_is_stored_survives_a_killed_server() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "old").unwrap();
    let server = Running::start(&mut disk(folder.path()));
    let mut client = call(server.endpoint());
    assert_eq!(ask(&mut client, "PUT 100 a\n"), "GO\n");
    say(&mut client, "half of the new content");
    server.signal(Signal::KILL);
    assert_eq!(client.read_to_end(&mut Vec::new()).unwrap_or(0), 0);
    drop(server);

    let server = Running::start(&mut disk(folder.path()));
    let mut client = call(server.endpoint());
    assert_eq!(ask(&mut client, "GET a\n"), "OK 3\n");
    let mut content = [0; 3];
    client.read_exact(&mut content).unwrap();
    assert_eq!(&content, b"old");
    // What was begun is no file of the disk, and in nobody's way.
    assert_eq!(ask(&mut client, "LIST\n"), "OK 1\n");
    assert_eq!(hear(&mut client), "3 a\n");
    assert_eq!(ask(&mut client, "PUT 3 a\nnewEND\n"), "GO\n");
    assert_eq!(hear(&mut client), "OK replaced\n");
}

#[test]
fn a_killed_client_leaves_the_old_file_whole() {
    let folder = tempfile::tempdir().unwrap();
    let shared = folder.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::write(shared.join("a"), "old").unwrap();
    let new = folder.path().join("new");
    fs::File::create(&new).unwrap().set_len(256 << 20).unwrap();
    let server = Running::start(&mut disk(&shared));
    let line = server.endpoint();
    // The half of a file is beside the old one, and has some octets.
    let is_half = || {
        let mut files = fs::read_dir(&shared).unwrap().flatten();
        files
            .any(|file| file.file_name() != "a" && file.metadata().is_ok_and(|half| half.len() > 0))
    };
    let mut kills = 0;
    for _ in 0..20 {
        let mut put = Command::new(program("lesson-00-cs-vs-bs"));
        put.args(["put", "--port", &line.port().to_string()]);
        let mut put = Running::start(put.arg(&new).arg("a"));
        until("the upload does not begin", || {
            is_half() || put.child.try_wait().unwrap().is_some()
        });
        // It does not go on while the client is killed.
        server.signal(Signal::STOP);
        server.until_state('T');
        let is_midway = is_half() && put.child.try_wait().unwrap().is_none();
        put.signal(Signal::KILL);
        put.ended();
        server.signal(Signal::CONT);
        if !is_midway {
            // On a busy machine the client was ready before anybody looked.
            let mut client = call(line);
            assert_eq!(ask(&mut client, "PUT 3 a\noldEND\n"), "GO\n");
            assert_eq!(hear(&mut client), "OK replaced\n");
            continue;
        }
        kills += 1;
        until("the half of a file stays", || !is_half());
        let mut client = call(line);
        assert_eq!(ask(&mut client, "LIST\n"), "OK 1\n");
        assert_eq!(hear(&mut client), "3 a\n");
        assert_eq!(fs::read(shared.join("a")).unwrap(), b"old");
        if kills == 3 {
            return;
        }
    }
    panic!("in 20 times the client was killed midway {kills} times");
}
