//! What does the first answer cost? And what do many octets cost?
//!
//! The relay is of no use here: a client's handshake ends at the relay, so the relay's delay would
//! not be paid for it. The times are those of loopback itself, and the packets are counted by the
//! loopback interface.

use std::{
    fs,
    io::{Read, Write},
    net::{IpAddr, SocketAddr, TcpListener, UdpSocket},
    thread,
    time::{Duration, Instant},
};

use super::joined;
use crate::{
    net::{Lab, Stop, is_timeout, local, local_udp},
    trouble::{Trouble, while_},
};

/// The question: octets of payload.
pub const QUESTION: &[u8] = b"what time is it?";

/// The answer: octets of payload.
pub const ANSWER: &[u8] = b"time to learn it";

/// Each way of asking is tried so often, the three taking turns.
pub const ROUNDS: usize = 40;

/// Octets sent in the throughput part.
pub const BULK: usize = 16 * 1024 * 1024;

/// Octets of one datagram there: what fits into an Ethernet frame, and a bit of room.
const DATAGRAM: usize = 1400;

/// One way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Median time from the first call to the answer.
    pub time: Duration,
    /// Packets and octets (with IP headers) that the loopback interface counted until then: the
    /// least of all rounds, because other programs use the interface too. `None` where it cannot
    /// be read without root (everywhere but Linux).
    pub crossed: Option<Crossed>,
}

/// What an interface counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Crossed {
    /// IP packets.
    pub packets: u64,
    /// Octets of these packets.
    pub octets: u64,
}

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// One datagram there, one back.
    pub udp: Price,
    /// A new connection, the question, the answer.
    pub tcp_new: Price,
    /// The question and the answer on a connection that is already open.
    pub tcp_open: Price,
    /// Octets that arrived of [`BULK`], and how long they took, over TCP.
    pub tcp_bulk: (usize, Duration),
    /// The same over UDP in datagrams of 1,400 octets.
    pub udp_bulk: (usize, Duration),
}

/// Asks in three ways, then sends much.
///
/// # Errors
/// [`Trouble`] if a socket fails or a deadline passes.
pub fn run(lab: &Lab) -> Result<Cost, Trouble> {
    let listener = lab.listener()?;
    let udp_server = lab.udp()?;
    let (tcp_to, udp_to) = (local(&listener)?, local_udp(&udp_server)?);
    let stop = Stop::default();
    let [udp, tcp_new, tcp_open] = thread::scope(|scope| {
        let tcp_thread = scope.spawn(|| answer_tcp(lab, &listener, &stop));
        let udp_thread = scope.spawn(|| answer_udp(&udp_server));
        let prices = ask(lab, tcp_to, udp_to);
        // Both servers wait without a deadline for the next client: a last call wakes each of
        // them. (For UDP it is an empty datagram.)
        stop.ask();
        drop(lab.connect(tcp_to)?);
        lab.udp()?.send_to(&[], udp_to).map_err(while_("sending"))?;
        joined(udp_thread)?;
        let prices = prices?;
        joined(tcp_thread)?;
        Ok::<_, Trouble>(prices)
    })?;
    Ok(Cost {
        udp,
        tcp_new,
        tcp_open,
        tcp_bulk: tcp_bulk(lab)?,
        udp_bulk: udp_bulk(lab)?,
    })
}

fn answer_tcp(lab: &Lab, listener: &TcpListener, stop: &Stop) -> Result<(), Trouble> {
    thread::scope(|scope| {
        loop {
            let (mut stream, _) = listener
                .accept()
                .map_err(while_("accepting a connection"))?;
            if stop.asked() {
                return Ok(());
            }
            scope.spawn(move || {
                stream.set_read_timeout(Some(lab.patience)).ok();
                let mut question = [0; QUESTION.len()];
                // Every question is answered until the client ends; a client that breaks off
                // notices it itself.
                while stream.read_exact(&mut question).is_ok() {
                    if stream.write_all(ANSWER).is_err() {
                        break;
                    }
                }
            });
        }
    })
}

fn answer_udp(socket: &UdpSocket) -> Result<(), Trouble> {
    let mut question = [0; 64];
    loop {
        match socket
            .recv_from(&mut question)
            .map_err(while_("receiving a question"))?
        {
            (0, _) => return Ok(()),
            (_, from) => socket.send_to(ANSWER, from).map_err(while_("answering"))?,
        };
    }
}

fn ask(lab: &Lab, tcp_to: SocketAddr, udp_to: SocketAddr) -> Result<[Price; 3], Trouble> {
    let socket = lab.udp()?;
    let mut open = lab.connect(tcp_to)?;
    ask_tcp(&mut open)?; // the connection is warm
    let mut tallies = [(); 3].map(|()| Tally::default());
    for _ in 0..ROUNDS {
        tallies[0].round(lab, || ask_udp(&socket, udp_to))?;
        tallies[1].round(lab, || {
            let mut new = lab.connect(tcp_to)?;
            ask_tcp(&mut new)?;
            Ok(new) // closing it is not part of the price of the first answer
        })?;
        tallies[2].round(lab, || ask_tcp(&mut open))?;
    }
    Ok(tallies.map(Tally::price))
}

// ANCHOR: ask
fn ask_udp(socket: &UdpSocket, to: SocketAddr) -> Result<(), Trouble> {
    socket.send_to(QUESTION, to).map_err(while_("asking"))?;
    socket
        .recv(&mut [0; 64])
        .map_err(while_("waiting for the answer"))?;
    Ok(())
}

fn ask_tcp(stream: &mut std::net::TcpStream) -> Result<(), Trouble> {
    stream.write_all(QUESTION).map_err(while_("asking"))?;
    stream
        .read_exact(&mut [0; ANSWER.len()])
        .map_err(while_("waiting for the answer"))
}
// ANCHOR_END: ask

/// Times and counts of one way of asking.
#[derive(Default)]
struct Tally {
    times: Vec<Duration>,
    crossed: Vec<Crossed>,
}

impl Tally {
    fn round<T>(
        &mut self,
        lab: &Lab,
        question: impl FnOnce() -> Result<T, Trouble>,
    ) -> Result<(), Trouble> {
        let before = loopback(lab.addr);
        let start = Instant::now();
        let connection = question()?;
        self.times.push(start.elapsed());
        let after = loopback(lab.addr);
        self.crossed
            .extend(before.zip(after).map(|(before, after)| Crossed {
                packets: after.packets - before.packets,
                octets: after.octets - before.octets,
            }));
        drop(connection);
        Ok(())
    }

    fn price(mut self) -> Price {
        self.times.sort_unstable();
        let time = self
            .times
            .get(self.times.len() / 2)
            .copied()
            .unwrap_or_default();
        Price {
            time,
            crossed: self.crossed.into_iter().min(),
        }
    }
}

/// What has crossed the loopback interface since the machine started (Linux).
fn loopback(addr: IpAddr) -> Option<Crossed> {
    // Another address of this machine is reached over loopback too, but let us be sure.
    if !addr.is_loopback() {
        return None;
    }
    counters(&fs::read_to_string("/proc/net/dev").ok()?)
}

fn counters(dev: &str) -> Option<Crossed> {
    let line = dev
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("lo:"))?;
    let mut numbers = line.split_whitespace().map_while(|word| word.parse().ok());
    Some(Crossed {
        octets: numbers.next()?,
        packets: numbers.next()?,
    })
}

fn tcp_bulk(lab: &Lab) -> Result<(usize, Duration), Trouble> {
    let (mut sender, mut receiver) = lab.tcp_pair()?;
    thread::scope(|scope| {
        let start = Instant::now();
        let reading = scope.spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            let mut octets = 0;
            loop {
                match receiver.read(&mut buffer).map_err(while_("reading"))? {
                    0 => return Ok((octets, start.elapsed())),
                    length => octets += length,
                }
            }
        });
        let piece = vec![b'x'; 64 * 1024];
        for _ in 0..BULK / piece.len() {
            sender.write_all(&piece).map_err(while_("writing"))?;
        }
        drop(sender);
        joined(reading)
    })
}

fn udp_bulk(lab: &Lab) -> Result<(usize, Duration), Trouble> {
    let (sender, receiver) = lab.udp_pair()?;
    receiver
        .set_read_timeout(Some(Duration::from_millis(200)))
        .map_err(while_("setting a deadline"))?;
    thread::scope(|scope| {
        let start = Instant::now();
        let reading = scope.spawn(move || {
            let mut buffer = [0; DATAGRAM];
            let (mut octets, mut last) = (0, start);
            loop {
                match receiver.recv(&mut buffer) {
                    Ok(length) => {
                        octets += length;
                        last = Instant::now();
                    }
                    // UDP has no end of stream. Silence has to do.
                    Err(error) if is_timeout(&error) => return Ok((octets, last - start)),
                    Err(error) => return Err(while_("receiving")(error)),
                }
            }
        });
        for _ in 0..BULK / DATAGRAM {
            // A full queue (macOS: "no buffer space") loses the datagram, like any other loss.
            sender.send(&[b'x'; DATAGRAM]).ok();
        }
        joined(reading)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_connection_costs_more_packets_than_a_datagram() {
        let seen = run(&Lab::default()).unwrap();
        assert!(seen.udp.time > Duration::ZERO);
        assert_eq!(seen.tcp_bulk.0, BULK);
        assert!(seen.udp_bulk.0 <= BULK);
        if let (Some(udp), Some(tcp)) = (seen.udp.crossed, seen.tcp_new.crossed) {
            // Two datagrams: IP header, UDP header, payload. More if the machine was busy.
            assert!(udp.packets >= 2, "{seen:?}");
            // SYN, SYN-ACK, ACK, question, answer.
            assert!(tcp.packets >= 5, "{seen:?}");
            assert!(udp.octets >= 2 * (20 + 8) + 32, "{seen:?}");
        }
    }

    #[test]
    fn the_loopback_line_is_read() {
        let dev =
            "Inter-| Receive\n face |bytes packets errs\n  eth0: 9 9 0\n    lo: 3193 29 0 0\n";
        assert_eq!(
            counters(dev),
            Some(Crossed {
                packets: 29,
                octets: 3193
            })
        );
        assert_eq!(counters("nothing"), None);
    }
}
