//! A tap between UDP sockets: it passes every datagram on and writes down what went by.
//!
//! The clients send to one socket. For each of them the tap has another one, connected to the
//! server: so the server sees as many senders as there are, and an answer finds its way back. Only
//! a connected socket is told that nobody has the port open (udp(7)).
//!
//! The tap cannot pass this message on. The client's datagram came to an open port, that of the tap:
//! its kernel has nothing to complain of.

use std::collections::HashMap;
use std::io::{ErrorKind, Result};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;

use super::record::{Record, Seen};
use crate::transcript::WireKind;

/// The largest datagram over IPv4: 65,535 − 20 − 8 octets (RFC 791 §3.1, RFC 768).
const LARGEST: usize = 65_507;

/// How often a thread that waits for a datagram looks whether it should stop.
const LOOK_UP: Duration = Duration::from_millis(20);

/// A running tap.
pub(crate) struct Datagrams {
    record: Arc<Record>,
    front: Option<JoinHandle<()>>,
}

/// The tap's socket for one client.
struct Back {
    client: String,
    socket: Arc<UdpSocket>,
    thread: JoinHandle<()>,
}

impl Datagrams {
    /// Starts to pass what comes to `socket` on to `server`, the socket of the program in the
    /// terminal `name`.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(socket: UdpSocket, server: SocketAddr, name: &str) -> Result<Self> {
        socket.set_read_timeout(Some(LOOK_UP))?;
        let record = Arc::new(Record::new(name));
        let shared = Arc::clone(&record);
        let front = std::thread::Builder::new()
            .name("tap".into())
            .spawn(move || front(&Arc::new(socket), server, &shared))?;
        Ok(Self {
            record,
            front: Some(front),
        })
    }

    /// What this tap writes down.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Passes on what has come so far, and returns what went by.
    ///
    /// # Errors
    /// When one of the tap's threads has panicked.
    pub fn finish(mut self) -> anyhow::Result<Vec<Seen>> {
        self.record.stop();
        if let Some(front) = self.front.take() {
            front.join().ok().context("the tap has lost datagrams")?;
        }
        Ok(self.record.take())
    }
}

impl Drop for Datagrams {
    fn drop(&mut self) {
        self.record.stop();
    }
}

/// From the clients to the server.
fn front(socket: &Arc<UdpSocket>, server: SocketAddr, record: &Arc<Record>) {
    let mut backs: HashMap<SocketAddr, Back> = HashMap::new();
    let mut buffer = vec![0; LARGEST];
    while let Some((octets, client)) = next(record, || socket.recv_from(&mut buffer)) {
        let octets = &buffer[..octets];
        if !backs.contains_key(&client)
            && let Ok(back) = Back::open(Arc::clone(socket), client, server, record)
        {
            backs.insert(client, back);
        }
        let Some(back) = backs.get(&client) else {
            continue;
        };
        // Written down before it goes on: what it causes is written down later.
        record.note_octets(&back.client, record.server(), octets, datagram);
        if back.socket.send(octets).is_err_and(|error| refused(&error)) {
            // The error is about the datagram before, and this one has not been sent.
            record.note(record.server(), &back.client, WireKind::Unreachable);
            let _ = back.socket.send(octets);
        }
    }
    // Each has a copy of `stop` to look at, and empties its socket first.
    for back in backs.into_values() {
        let _ = back.thread.join();
    }
}

impl Back {
    fn open(
        front: Arc<UdpSocket>,
        client: SocketAddr,
        server: SocketAddr,
        record: &Arc<Record>,
    ) -> Result<Self> {
        let socket = Arc::new(UdpSocket::bind((front.local_addr()?.ip(), 0))?);
        socket.connect(server)?;
        socket.set_read_timeout(Some(LOOK_UP))?;
        let name = record.newcomer();
        let (record, own, to) = (Arc::clone(record), Arc::clone(&socket), name.clone());
        let thread = std::thread::Builder::new()
            .name("tap".into())
            .spawn(move || answers(&own, &front, client, &to, &record))?;
        Ok(Self {
            client: name,
            socket,
            thread,
        })
    }
}

/// From the server back to one client.
fn answers(back: &UdpSocket, front: &UdpSocket, client: SocketAddr, name: &str, record: &Record) {
    let mut buffer = vec![0; LARGEST];
    while let Some(octets) = next(record, || match back.recv(&mut buffer) {
        Err(error) if refused(&error) => {
            record.note(record.server(), name, WireKind::Unreachable);
            Err(ErrorKind::Interrupted.into())
        }
        received => received,
    }) {
        let octets = &buffer[..octets];
        record.note_octets(record.server(), name, octets, datagram);
        let _ = front.send_to(octets, client);
    }
}

/// The next one; nothing when the tap is to stop and none is waiting.
fn next<T>(record: &Record, mut receive: impl FnMut() -> Result<T>) -> Option<T> {
    loop {
        // Looked at before the wait: what has come by then is received in any case.
        let stop = record.stopped();
        match receive() {
            Ok(received) => return Some(received),
            // Windows reports here that an answer has found nobody; that is the client's affair.
            Err(error) if stop && error.kind() != ErrorKind::Interrupted => return None,
            Err(_) => {}
        }
    }
}

fn datagram(octets: usize, text: String) -> WireKind {
    let lost = false;
    WireKind::Datagram { octets, text, lost }
}

/// Linux and macOS say "connection refused", Windows "connection reset".
fn refused(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn socket() -> UdpSocket {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        socket
    }

    fn tap(server: SocketAddr) -> (Datagrams, SocketAddr) {
        let front = socket();
        let address = front.local_addr().unwrap();
        (Datagrams::start(front, server, "server").unwrap(), address)
    }

    fn written(tap: Datagrams) -> Vec<String> {
        let events = tap.finish().unwrap();
        events.iter().map(|seen| seen.event.to_string()).collect()
    }

    #[test]
    fn each_client_has_its_own_answers_and_an_empty_datagram_is_one() {
        let server = socket();
        let (tap, address) = tap(server.local_addr().unwrap());
        let mut buffer = [0; 16];
        for (name, text) in [("one", "你好"), ("two", "")] {
            tap.record().expect_client(name, LIMIT).unwrap();
            let client = socket();
            client.connect(address).unwrap();
            client.send(text.as_bytes()).unwrap();
            let (count, from) = server.recv_from(&mut buffer).unwrap();
            assert_eq!(&buffer[..count], text.as_bytes());
            server.send_to(name.as_bytes(), from).unwrap();
            assert_eq!(client.recv(&mut buffer).unwrap(), 3);
            assert_eq!(&buffer[..3], name.as_bytes());
        }
        assert_eq!(
            written(tap),
            [
                "one -> server: datagram of 6 octets \"你好\"",
                "server -> one: datagram of 3 octets \"one\"",
                "two -> server: datagram of 0 octets \"\"",
                "server -> two: datagram of 3 octets \"two\"",
            ]
        );
    }

    #[test]
    fn what_has_come_is_passed_on_before_the_end() {
        let server = socket();
        let (tap, address) = tap(server.local_addr().unwrap());
        tap.record().expect_client("client", LIMIT).unwrap();
        let client = socket();
        for number in 0..40_u8 {
            client.send_to(&[number], address).unwrap();
        }
        assert_eq!(written(tap).len(), 40);
        server.set_nonblocking(true).unwrap();
        for number in 0..40 {
            let mut octet = [0];
            assert_eq!(server.recv(&mut octet).unwrap(), 1);
            assert_eq!(octet[0], number);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_closed_port_is_written_down_once_for_each_datagram() {
        let closed = socket();
        let server = closed.local_addr().unwrap();
        drop(closed);
        let (tap, address) = tap(server);
        tap.record().expect_client("client", LIMIT).unwrap();
        let client = socket();
        client.send_to(b"a", address).unwrap();
        client.send_to(b"b", address).unwrap();
        let written = written(tap);
        let count = |what: &str| written.iter().filter(|line| line.contains(what)).count();
        assert_eq!(count("client -> server: datagram of 1 octets"), 2);
        assert_eq!(
            count("server -> client: port unreachable"),
            2,
            "{written:?}"
        );
    }
}
