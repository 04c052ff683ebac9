//! `roundtrip`: 64 octets there and back.
//!
//! A round trip is two wake-ups. They are cheap when both ends share a CPU, and dear when one CPU must
//! wake another, so both are measured, each with the ends held in place.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use lesson_02_tcp_vs_udp::net::Lab;
use lesson_03_unix_sockets::compare::{round_trips, send_back};
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::machine::{cpus, hold};
use crate::turns::Turns;

/// Octets in a message.
const SIZE: usize = 64;
/// No block lasts longer.
const LIMIT: Duration = Duration::from_secs(60);

const OURS: &str = "the lessons' code";
const BARE: &str = "a bare loop over std";
const RAW: &str = "a bare loop of system calls";

/// A measurement: where its two ends run (near, far), and how many round trips it makes.
#[derive(Clone, Copy)]
struct Block {
    places: Option<[usize; 2]>,
    rounds: u32,
    /// How many such measurements are made.
    blocks: usize,
}

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let near = context.choose(20_000, 100_000);
    let far = context.choose(3_000, 20_000);
    let blocks = context.choose(11, 51);
    let block = |places, rounds| Block {
        places,
        rounds,
        blocks,
    };
    let placed = match cpus()[..] {
        [one, two, ..] => vec![
            ("both ends on one CPU", block(Some([one, one]), near)),
            ("each end on its CPU", block(Some([one, two]), far)),
        ],
        [one] => vec![("both ends on one CPU", block(Some([one, one]), near))],
        [] => vec![("wherever the system puts them", block(None, far))],
    };
    let mut groups = Vec::new();
    for (ends, block) in placed {
        let title = |name: &str| format!("{SIZE} octets and back over {name}, {ends}");
        let lab = Lab::default();
        let lesson = || Ok(lab.tcp_pair()?);
        let send = |end: &mut TcpStream, message: &[u8]| end.write_all(message);
        let receive = |end: &mut TcpStream, room: &mut [u8]| end.read_exact(room);
        groups.push(three(title("TCP"), block, lesson, tcp, send, receive)?);

        let lesson = || Ok(datagrams(lab.udp_pair()?));
        let send = |end: &mut UdpSocket, message: &[u8]| end.send(message).and_then(whole);
        let receive = |end: &mut UdpSocket, room: &mut [u8]| end.recv(room).and_then(whole);
        groups.push(three(title("UDP"), block, lesson, udp, send, receive)?);

        let pair = || Ok(UnixStream::pair()?);
        let send = |end: &mut UnixStream, message: &[u8]| end.write_all(message);
        let receive = |end: &mut UnixStream, room: &mut [u8]| end.read_exact(room);
        groups.push(three(
            title("AF_UNIX stream"),
            block,
            pair,
            pair,
            send,
            receive,
        )?);

        let pair = || Ok(UnixDatagram::pair()?);
        let lesson = || Ok(datagrams(UnixDatagram::pair()?));
        let send = |end: &mut UnixDatagram, message: &[u8]| end.send(message).and_then(whole);
        let receive = |end: &mut UnixDatagram, room: &mut [u8]| end.recv(room).and_then(whole);
        groups.push(three(
            title("AF_UNIX datagram"),
            block,
            lesson,
            pair,
            send,
            receive,
        )?);
    }
    Ok(groups)
}

/// Two ends of a connection, near and far.
type Pair<S> = Result<(S, S)>;

/// A TCP connection, without the lesson.
fn tcp() -> Pair<TcpStream> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    Ok((near, far))
}

/// Two UDP sockets, each connected to the other, without the lesson.
fn udp() -> Pair<UdpSocket> {
    let socket = || UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
    let (near, far) = (socket()?, socket()?);
    near.connect(far.local_addr()?)?;
    far.connect(near.local_addr()?)?;
    Ok((near, far))
}

/// Lets three loops take turns: the lesson's, one over the standard library, one of system calls.
fn three<L: Read + Write + Send, S: AsFd + Send>(
    title: String,
    block: Block,
    lesson: impl Fn() -> Pair<L>,
    plain: impl Fn() -> Pair<S>,
    send: impl Fn(&mut S, &[u8]) -> io::Result<()> + Sync,
    receive: impl Fn(&mut S, &mut [u8]) -> io::Result<()> + Sync,
) -> Result<Group> {
    let rounds = block.rounds;
    let mut turns = Turns::new(title, Unit::Seconds, block.blocks);
    turns.ours(OURS, || {
        let near = |end: L| round_trips(end, rounds, SIZE);
        block.run(lesson()?, near, |end| send_back(end, rounds, SIZE))
    });
    turns.peer(BARE, || {
        let near = |end| ping(end, rounds, &send, &receive);
        block.run(plain()?, near, |end| pong(end, rounds, &send, &receive))
    });
    turns.peer(RAW, || {
        let write = |end: &mut S, message: &[u8]| whole(rustix::io::write(end, message)?);
        let read = |end: &mut S, room: &mut [u8]| whole(rustix::io::read(end, room)?);
        let near = |end| ping(end, rounds, write, read);
        block.run(plain()?, near, |end| pong(end, rounds, write, read))
    });
    turns.at_most(OURS, 1.05, BARE);
    turns.take()
}

/// Seconds a round trip.
fn ping<S>(
    mut end: S,
    rounds: u32,
    send: impl Fn(&mut S, &[u8]) -> io::Result<()>,
    receive: impl Fn(&mut S, &mut [u8]) -> io::Result<()>,
) -> io::Result<f64> {
    let mut message = [b'x'; SIZE];
    let begun = Instant::now();
    for _ in 0..rounds {
        send(&mut end, &message)?;
        receive(&mut end, &mut message)?;
    }
    Ok(begun.elapsed().as_secs_f64() / f64::from(rounds))
}

/// The other end of [`ping`].
fn pong<S>(
    mut end: S,
    rounds: u32,
    send: impl Fn(&mut S, &[u8]) -> io::Result<()>,
    receive: impl Fn(&mut S, &mut [u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut message = [0; SIZE];
    for _ in 0..rounds {
        receive(&mut end, &mut message)?;
        send(&mut end, &message)?;
    }
    Ok(())
}

/// A message of 64 octets passes in one call, on loopback and with empty buffers. If it did not, the
/// loop would not be the bare one that it is said to be.
fn whole(octets: usize) -> io::Result<()> {
    if octets == SIZE {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

impl Block {
    /// Runs both ends, each in a thread in its place.
    fn run<S: Send>(
        self,
        (near_end, far_end): (S, S),
        near: impl FnOnce(S) -> io::Result<f64> + Send,
        far: impl FnOnce(S) -> io::Result<()> + Send,
    ) -> Result<f64> {
        let place = |index: usize| {
            if let Some(places) = self.places {
                hold(places[index]);
            }
        };
        let (done, waiting) = mpsc::channel::<()>();
        thread::scope(|scope| {
            // An end whose other end has failed may wait for ever (a datagram has no end of stream):
            // then the program ends, and says why.
            scope.spawn(move || {
                if waiting.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout) {
                    eprintln!("error: a round trip hangs");
                    std::process::exit(1);
                }
            });
            let far = scope.spawn(move || {
                place(1);
                far(far_end)
            });
            let near = scope.spawn(move || {
                place(0);
                near(near_end)
            });
            let (near, far) = (near.join(), far.join());
            drop(done);
            let ended = "an end has panicked";
            far.ok().context(ended)??;
            Ok(near.ok().context(ended)??)
        })
    }
}

/// A datagram socket as the lesson's loop wants it: one write, one datagram.
struct Datagrams<S>(S);

fn datagrams<S>((near, far): (S, S)) -> (Datagrams<S>, Datagrams<S>) {
    (Datagrams(near), Datagrams(far))
}

impl Read for Datagrams<UdpSocket> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.recv(buffer)
    }
}

impl Write for Datagrams<UdpSocket> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.send(buffer)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for Datagrams<UnixDatagram> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.recv(buffer)
    }
}

impl Write for Datagrams<UnixDatagram> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.send(buffer)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
