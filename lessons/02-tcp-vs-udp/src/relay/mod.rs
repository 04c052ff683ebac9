//! The relay: a program that stands between two others and makes bad weather.
//!
//! ```text
//! sender  ──►  relay  ──►  receiver
//!         ◄──         ◄──
//! ```
//!
//! A UDP relay does to datagrams what a bad network does: it forgets some, sends some twice, lets
//! some overtake others.
//!
//! A TCP relay can only imitate the effect. The sender's TCP ends at the relay and a second
//! connection begins there, so no segment is ever missing on either of the two. What loss does to
//! the *program* that reads is delay: the octets come, in order, later. That is what the relay
//! does: a chunk that the weather would have lost is delivered after the time a sender takes to
//! send it again, and everything behind it waits. For a segment that the kernel truly loses and
//! truly resends, see [`crate::experiments::loss`].

pub mod lane;
mod tcp;
mod udp;

use std::{
    fmt,
    net::{SocketAddr, TcpListener, UdpSocket},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{
    net::{Stop, local, local_udp},
    show::show,
    trouble::Trouble,
    weather::{Fate, Weather},
};

pub use lane::{Kind, Lane};
pub use tcp::run as run_tcp;
pub use udp::run as run_udp;

/// The largest TCP segment on Ethernet with IPv4: 1,500 − 20 − 20 octets.
pub const SEGMENT: usize = 1460;

/// The relay serves so many clients at a time. Each costs it threads and descriptors, and those are
/// bounded.
const CLIENTS: usize = 64;

/// A UDP client that has sent nothing for so long is forgotten: a datagram socket never hears that its
/// peer has gone. (RFC 4787 §4.3 asks the same of a NAT: two minutes at least.)
pub const SILENCE: Duration = Duration::from_secs(120);

/// How often an idle relay looks whether it should stop. Each idle client costs as many looks.
const LOOK_UP: Duration = Duration::from_millis(50);

/// Which way something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the client that spoke first to the target.
    There,
    /// From the target back to that client.
    Back,
}

/// Something happened in the relay.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A datagram (UDP) or a chunk (TCP) came, and its fate was decided.
    Crossed {
        /// UDP or TCP?
        kind: Kind,
        /// Which client, from 1.
        client: u64,
        /// Which way.
        way: Way,
        /// Which one on this way, from 1.
        number: u64,
        /// What it carried.
        octets: &'a [u8],
        /// What the weather decided.
        fate: Fate,
        /// The weather.
        weather: &'a Weather,
    },
    /// A client connected (TCP only).
    Joined {
        /// Which client, from 1.
        client: u64,
    },
    /// Both directions of a connection have ended (TCP only).
    Left {
        /// Which client, from 1.
        client: u64,
    },
    /// One more client came than the relay serves at a time: its connection is closed (TCP only).
    Full,
    /// Nobody has the target's port open.
    NobodyHome {
        /// The target.
        target: SocketAddr,
    },
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crossed {
                kind,
                client,
                way,
                number,
                octets,
                fate,
                weather,
            } => {
                let arrow = if *way == Way::There { "->" } else { "<-" };
                let thing = if *kind == Kind::Datagrams {
                    "datagram"
                } else {
                    "chunk"
                };
                write!(
                    f,
                    "{arrow} client {client}, {thing} {number} \"{}\"",
                    Preview(octets)
                )?;
                match (kind, fate) {
                    (_, Fate::Pass) => write!(f, ": passed"),
                    (Kind::Datagrams, Fate::Drop) => write!(f, ": DROPPED"),
                    (Kind::Datagrams, Fate::Duplicate) => write!(f, ": SENT TWICE"),
                    (Kind::Datagrams, Fate::Late) => {
                        write!(f, ": HELD BACK, the next one passes it")
                    }
                    (Kind::Stream, Fate::Drop) => {
                        let ms = weather.resend_after.as_millis();
                        write!(f, ": {ms} ms LATE, as if lost and sent again")
                    }
                    (Kind::Stream, Fate::Late) => {
                        let ms = weather.overtaken_by.as_millis();
                        write!(f, ": {ms} ms LATE, as if overtaken")
                    }
                    (Kind::Stream, Fate::Duplicate) => {
                        write!(f, ": passed (TCP would ignore the copy)")
                    }
                }
            }
            Self::Joined { client } => write!(f, "client {client} connected"),
            Self::Left { client } => write!(f, "client {client} and the target are done"),
            Self::Full => write!(f, "a client was refused: {CLIENTS} at a time are the most"),
            Self::NobodyHome { target } => write!(f, "nobody has {target} open"),
        }
    }
}

/// The first octets, safe to print on a terminal.
struct Preview<'a>(&'a [u8]);

impl fmt::Display for Preview<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 24;
        let octets = self.0.trim_ascii_end();
        let (head, rest) = octets.split_at(octets.len().min(SHOWN));
        f.write_str(&show(head))?;
        if rest.is_empty() {
            Ok(())
        } else {
            write!(f, "… {} octets", self.0.len())
        }
    }
}

/// Hears every event, from several threads.
pub type Log<'a> = dyn Fn(&Event<'_>) + Send + Sync + 'a;

/// A relay that runs in a thread of its own until it is dropped or stopped.
///
/// Stopping is polite: what has reached the relay is still delivered, at its time.
pub struct Running {
    endpoint: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<Result<(), Trouble>>>,
}

impl Running {
    /// Starts a UDP relay on a bound socket.
    ///
    /// # Errors
    /// [`Trouble::System`] if the socket has no address.
    pub fn udp(
        front: UdpSocket,
        target: SocketAddr,
        weather: Weather,
        log: Arc<Log<'static>>,
    ) -> Result<Self, Trouble> {
        let endpoint = local_udp(&front)?;
        let stop = Stop::default();
        let thread = {
            let stop = stop.clone();
            thread::spawn(move || run_udp(&front, target, &weather, SILENCE, &stop, &*log))
        };
        Ok(Self {
            endpoint,
            stop,
            thread: Some(thread),
        })
    }

    /// Starts a TCP relay on a listening socket. A chunk is what one read returns, `segment`
    /// octets at most.
    ///
    /// # Errors
    /// [`Trouble::System`] if the socket has no address.
    pub fn tcp(
        listener: TcpListener,
        target: SocketAddr,
        weather: Weather,
        segment: usize,
        log: Arc<Log<'static>>,
    ) -> Result<Self, Trouble> {
        let endpoint = local(&listener)?;
        let stop = Stop::default();
        let thread = {
            let stop = stop.clone();
            thread::spawn(move || run_tcp(&listener, target, &weather, segment, &stop, &*log))
        };
        Ok(Self {
            endpoint,
            stop,
            thread: Some(thread),
        })
    }

    /// Where it listens.
    pub fn endpoint(&self) -> SocketAddr {
        self.endpoint
    }

    /// Delivers what is under way, then ends.
    ///
    /// # Errors
    /// What ended the relay before it was asked.
    pub fn stop(mut self) -> Result<(), Trouble> {
        self.end()
    }

    fn end(&mut self) -> Result<(), Trouble> {
        self.stop.ask();
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(result)) => result,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !thread::panicking() {
            // Whoever wants to hear of errors calls `stop`.
            self.end().ok();
        }
    }
}
