//! The program as it is called: what it says, and its exit codes.

use std::net::{TcpListener, UdpSocket};
use std::process::{Command, Output};

use hostile::peer;

fn hostile(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hostile"))
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn complaint(arguments: &[&str], code: i32) -> String {
    let output = hostile(arguments);
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn other_machines_are_not_attacked() {
    let said = complaint(&["silent", "192.0.2.1:80"], 2);
    assert!(said.contains("not a loopback address"), "{said}");
}

#[test]
fn a_peer_that_cannot_trouble_the_target_is_refused() {
    assert!(complaint(&["silent", "udp:127.0.0.1:9"], 2).contains("takes connections"));
    assert!(complaint(&["empty", "127.0.0.1:9"], 2).contains("takes datagrams"));
    assert!(complaint(&["nobody", "127.0.0.1:9"], 2).contains("hostile list"));
}

#[test]
fn all_peers_are_listed() {
    let output = hostile(&["list"]);
    assert!(output.status.success());
    let listed = String::from_utf8(output.stdout).unwrap();
    for peer in peer::ALL {
        assert!(listed.contains(peer.about), "{}", peer.name);
    }
}

#[test]
fn a_target_where_nobody_listens_is_told() {
    // Bound and not listening: nobody else has this port, and nobody answers there.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().unwrap();
    socket.bind(&any.into()).unwrap();
    let at = socket.local_addr().unwrap().as_socket().unwrap();
    let said = complaint(&["silent", &at.to_string()], 1);
    assert!(said.contains("start the server first"), "{said}");
}

#[test]
fn what_was_done_is_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap().to_string();
    let output = hostile(&["garbage", &at]);
    assert!(output.status.success());
    let counted = String::from_utf8(output.stdout).unwrap();
    // Nobody accepts them: they stand in the system's queue.
    assert!(counted.starts_with("13 opened, "), "{counted}");
}

#[test]
fn a_port_where_nobody_receives_is_told() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = format!("udp:{}", socket.local_addr().unwrap());
    let output = hostile(&["empty", &at]);
    let counted = String::from_utf8(output.stdout).unwrap();
    assert_eq!(counted, "0 octets sent from 1 socket\n");
    // Its own port stays taken, by a socket that receives from one other only.
    socket.connect("127.0.0.1:9").unwrap();
    let said = complaint(&["empty", &at], 1);
    assert!(said.contains("start the server first"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_path_where_nobody_receives_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("d");
    let at = format!("unix-datagram:{}", path.display());
    let said = complaint(&["empty", &at], 1);
    assert!(said.contains("start the server first"), "{said}");
    // A name that its socket has left behind.
    drop(std::os::unix::net::UnixDatagram::bind(&path).unwrap());
    let said = complaint(&["empty", &at], 1);
    assert!(said.contains("start the server first"), "{said}");
}
