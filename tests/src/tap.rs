//! A tap on a TCP connection: it passes every octet on and writes down what went by.
//!
//! It stands between two programs as a third one, which accepts and connects. So it keeps what the
//! programs can see of each other (octets, order, end of stream, reset), and not what the kernel
//! does below them (segments, windows).

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use socket2::SockRef;

use crate::transcript::WireKind;

pub(crate) mod datagrams;
pub(crate) mod record;

use record::{Record, Seen, lock};

/// A running tap.
pub(crate) struct Tap {
    wire: Arc<Wire>,
    address: SocketAddr,
    accepting: Option<JoinHandle<()>>,
}

struct Wire {
    record: Record,
    pumps: Mutex<Vec<JoinHandle<()>>>,
}

impl Tap {
    /// Starts to pass connections made to `listener` on to `port` of this machine. `server` is the
    /// name of the terminal whose program listens there.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(listener: TcpListener, port: u16, server: &str) -> Result<Self> {
        let address = listener.local_addr()?;
        let wire = Arc::new(Wire {
            record: Record::new(server),
            pumps: Mutex::default(),
        });
        let shared = Arc::clone(&wire);
        let accepting = std::thread::Builder::new()
            .name("tap".into())
            .spawn(move || {
                for client in listener.incoming() {
                    if shared.record.stopped() {
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
            wire,
            address,
            accepting: Some(accepting),
        })
    }

    /// What this tap writes down.
    pub fn record(&self) -> &Record {
        &self.wire.record
    }

    /// Waits until all connections have ended and returns what went by.
    ///
    /// # Errors
    /// When one of the tap's threads has panicked.
    pub fn finish(mut self) -> Result<Vec<Seen>> {
        self.stop_accepting();
        let pumps = std::mem::take(&mut *lock(&self.wire.pumps));
        for pump in pumps {
            pump.join().ok().context("the tap has lost a connection")?;
        }
        let mut events = self.wire.record.take();
        settle(&mut events);
        Ok(events)
    }

    fn stop_accepting(&mut self) {
        self.wire.record.stop();
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
fn settle(events: &mut [Seen]) {
    for run in events.chunk_by_mut(|a, b| {
        [a, b]
            .iter()
            .all(|seen| matches!(seen.event.what, WireKind::Eof | WireKind::Reset))
    }) {
        run.sort_by(|a, b| (&a.event.from, &a.event.to).cmp(&(&b.event.from, &b.event.to)));
    }
}

impl Wire {
    fn join(self: &Arc<Self>, client: TcpStream, server: TcpStream) -> std::io::Result<()> {
        let record = &self.record;
        let name = record.newcomer();
        record.note(&name, record.server(), WireKind::Open);
        let directions = [
            (
                client.try_clone()?,
                server.try_clone()?,
                name.clone(),
                record.server().to_owned(),
            ),
            (server, client, record.server().to_owned(), name),
        ];
        let broken = Arc::new(AtomicBool::new(false));
        for (from, to, from_name, to_name) in directions {
            // Chat turns are small: pass each one on at once.
            to.set_nodelay(true)?;
            let (wire, broken) = (Arc::clone(self), Arc::clone(&broken));
            let pump =
                std::thread::spawn(move || wire.pump(from, to, &from_name, &to_name, &broken));
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
                    self.record.note(from_name, to_name, WireKind::Eof);
                    let _ = to.shutdown(Shutdown::Write);
                    return;
                }
                Ok(octets) => {
                    let octets = &buffer[..octets];
                    let data = |octets, text| WireKind::Data { octets, text };
                    self.record.note_octets(from_name, to_name, octets, data);
                    if to.write_all(octets).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    if error.kind() == ErrorKind::ConnectionReset {
                        self.record.note(from_name, to_name, WireKind::Reset);
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
        tap.record()
            .expect_client("client", Duration::ZERO)
            .unwrap();

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
            .finish()
            .unwrap()
            .iter()
            .map(|seen| seen.event.to_string())
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
        let events = tap.finish().unwrap();
        assert!(
            events.iter().any(|seen| seen.event.what == WireKind::Reset),
            "{events:?}"
        );
    }
}
