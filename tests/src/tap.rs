//! A tap on a TCP connection: it passes every octet on and writes down what went by.
//!
//! It stands between two programs as a third one, which accepts and connects. So it keeps what the
//! programs can see of each other (octets, order, end of stream, reset), and not what the kernel
//! does below them (segments, windows).

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use socket2::SockRef;

use crate::transcript::{WireEvent, WireKind};

/// Longest payload text in the record, in characters.
const TEXT: usize = 60;
/// Octets of a payload that are kept until the text is made: more than [`TEXT`] characters need.
const KEPT: usize = 4 * TEXT;

/// A running tap.
pub struct Tap {
    record: Arc<Record>,
    address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

struct Record {
    server: String,
    /// Who connects next: the terminal whose program was started last.
    client: Mutex<String>,
    events: Mutex<Vec<WireEvent>>,
    pumps: Mutex<Vec<JoinHandle<()>>>,
    stop: AtomicBool,
}

impl Tap {
    /// Starts to pass connections made to `listener` on to `port` of this machine. `server` is the
    /// name of the terminal whose program listens there.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(listener: TcpListener, port: u16, server: &str) -> Result<Self> {
        let address = listener.local_addr()?;
        let record = Arc::new(Record {
            server: server.to_owned(),
            client: Mutex::default(),
            events: Mutex::default(),
            pumps: Mutex::default(),
            stop: AtomicBool::new(false),
        });
        let shared = Arc::clone(&record);
        let accepting = std::thread::Builder::new()
            .name("tap".into())
            .spawn(move || {
                for client in listener.incoming() {
                    if shared.stop.load(Ordering::Acquire) {
                        return;
                    }
                    // Where the server is not to be reached, the client's connection is closed.
                    if let Ok(client) = client
                        && let Ok(server) = TcpStream::connect((address.ip(), port))
                    {
                        let _ = shared.join(client, server);
                    }
                }
            })?;
        Ok(Self {
            record,
            address,
            accepting: Some(accepting),
        })
    }

    /// Says whose program connects next.
    pub fn expect_client(&self, terminal: &str) {
        terminal.clone_into(&mut lock(&self.record.client));
    }

    /// Waits until all connections have ended and returns what went by. `translate` puts the scene's
    /// own words (its ports) in the place of this run's.
    ///
    /// # Errors
    /// When one of the tap's threads has panicked.
    pub fn finish(mut self, translate: impl Fn(&str) -> String) -> Result<Vec<WireEvent>> {
        self.stop_accepting();
        let pumps = std::mem::take(&mut *lock(&self.record.pumps));
        for pump in pumps {
            pump.join().ok().context("the tap has lost a connection")?;
        }
        let mut events = std::mem::take(&mut *lock(&self.record.events));
        settle(&mut events);
        for event in &mut events {
            if let WireKind::Data { text, .. } = &mut event.what {
                *text = shorten(&translate(text));
            }
        }
        Ok(events)
    }

    fn stop_accepting(&mut self) {
        self.record.stop.store(true, Ordering::Release);
        if let Some(thread) = self.accepting.take() {
            // `accept` cannot be interrupted: wake it with a connection of our own.
            let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
            let _ = thread.join();
        }
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.stop_accepting();
    }
}

/// When both sides close at about the same time, either end may come first. One order for all runs.
fn settle(events: &mut [WireEvent]) {
    for run in events.chunk_by_mut(|a, b| {
        [a, b]
            .iter()
            .all(|event| matches!(event.what, WireKind::Eof | WireKind::Reset))
    }) {
        run.sort_by(|a, b| a.from.cmp(&b.from));
    }
}

impl Record {
    fn join(self: &Arc<Self>, client: TcpStream, server: TcpStream) -> std::io::Result<()> {
        let name = lock(&self.client).clone();
        self.note(&name, &self.server, WireKind::Open);
        let directions = [
            (
                client.try_clone()?,
                server.try_clone()?,
                name.clone(),
                self.server.clone(),
            ),
            (server, client, self.server.clone(), name),
        ];
        let broken = Arc::new(AtomicBool::new(false));
        for (from, to, from_name, to_name) in directions {
            // Chat turns are small: pass each one on at once.
            to.set_nodelay(true)?;
            let (record, broken) = (Arc::clone(self), Arc::clone(&broken));
            let pump =
                std::thread::spawn(move || record.pump(from, to, &from_name, &to_name, &broken));
            lock(&self.pumps).push(pump);
        }
        Ok(())
    }

    /// Passes octets on in one direction until it ends. `broken` is set by the direction that sees a
    /// reset, and tells the other one that its own end of stream is no news.
    fn pump(
        &self,
        mut from: TcpStream,
        mut to: TcpStream,
        from_name: &str,
        to_name: &str,
        broken: &AtomicBool,
    ) {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match from.read(&mut buffer) {
                Ok(0) if broken.load(Ordering::Acquire) => return,
                Ok(0) => {
                    self.note(from_name, to_name, WireKind::Eof);
                    let _ = to.shutdown(Shutdown::Write);
                    return;
                }
                Ok(octets) => {
                    let text = escape(&buffer[..octets.min(KEPT)]);
                    self.note(from_name, to_name, WireKind::Data { octets, text });
                    if to.write_all(&buffer[..octets]).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    if error.kind() == ErrorKind::ConnectionReset {
                        self.note(from_name, to_name, WireKind::Reset);
                    }
                    // Pass a reset on as a reset: with zero linger, the last `close` sends RST. The other
                    // direction has the same socket open, so wake it: `Shutdown::Read` sends nothing.
                    broken.store(true, Ordering::Release);
                    let _ = SockRef::from(&to).set_linger(Some(Duration::ZERO));
                    let _ = to.shutdown(Shutdown::Read);
                    return;
                }
            }
        }
    }

    fn note(&self, from: &str, to: &str, what: WireKind) {
        let event = WireEvent {
            from: from.to_owned(),
            to: to.to_owned(),
            what,
        };
        lock(&self.events).push(event);
    }
}

/// A thread that panicked while it held the lock leaves the record readable.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The payload as one line of text.
fn escape(octets: &[u8]) -> String {
    octets
        .utf8_chunks()
        .flat_map(|chunk| {
            let invalid = chunk
                .invalid()
                .iter()
                .map(|octet| format!("\\x{octet:02x}"));
            let valid = chunk.valid().chars().map(|ch| match ch {
                // The book shows quotation marks as they are.
                '"' | '\'' => ch.to_string(),
                _ => ch.escape_debug().to_string(),
            });
            valid.chain(invalid).collect::<Vec<_>>()
        })
        .collect()
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= TEXT {
        return text.to_owned();
    }
    text.chars().take(TEXT - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_by_is_passed_on_and_written_down() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let tapped = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = tapped.local_addr().unwrap();
        let tap = Tap::start(tapped, server.local_addr().unwrap().port(), "server").unwrap();
        tap.expect_client("client");

        let mut client = TcpStream::connect(address).unwrap();
        let (mut peer, _) = server.accept().unwrap();
        client.write_all(b"hi\n").unwrap();
        let mut got = [0; 3];
        peer.read_exact(&mut got).unwrap();
        peer.write_all(&[0xff]).unwrap();
        client.read_exact(&mut got[..1]).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(
            peer.read(&mut got).unwrap(),
            0,
            "the end of the stream is passed on"
        );
        drop(peer);
        assert_eq!(client.read(&mut got).unwrap(), 0);

        let events: Vec<String> = tap
            .finish(str::to_owned)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            events,
            [
                "client -> server: connects",
                "client -> server: 3 octets \"hi\\n\"",
                "server -> client: 1 octets \"\\xff\"",
                "client -> server: end of stream",
                "server -> client: end of stream",
            ]
        );
    }

    #[test]
    fn a_reset_is_passed_on_as_a_reset() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let tapped = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = tapped.local_addr().unwrap();
        let tap = Tap::start(tapped, server.local_addr().unwrap().port(), "server").unwrap();
        let client = TcpStream::connect(address).unwrap();
        let (mut peer, _) = server.accept().unwrap();
        peer.set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        SockRef::from(&client)
            .set_linger(Some(Duration::ZERO))
            .unwrap();
        drop(client);
        let error = peer.read(&mut [0; 1]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        drop(peer);
        let events = tap.finish(str::to_owned).unwrap();
        assert!(
            events.iter().any(|event| event.what == WireKind::Reset),
            "{events:?}"
        );
    }

    #[test]
    fn long_payloads_are_cut_short() {
        assert_eq!(escape(b"a\x1b\"b"), "a\\u{1b}\"b");
        assert_eq!(shorten(&escape(&[b'x'; 500])).chars().count(), TEXT);
    }
}
