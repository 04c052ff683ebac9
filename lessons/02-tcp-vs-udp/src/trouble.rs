//! What can go wrong on a socket, each in one sentence: what happened, why, what to do next.
//!
//! `std::io::Error` prints `Connection refused (os error 111)`: true, and of no help to a learner.
//! [`Trouble`] keeps the endpoint that was meant and says what to do.

use std::{
    error, fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use crate::net::Protocol;
use crate::show::show;

/// The ways in which this lesson's socket calls fail.
#[derive(Debug)]
pub enum Trouble {
    /// Nobody listens on the endpoint (`ECONNREFUSED`).
    NobodyListens {
        /// TCP or UDP: the two have separate ports.
        protocol: Protocol,
        /// Where nobody is.
        endpoint: SocketAddr,
    },
    /// Another socket has the port (`EADDRINUSE`).
    PortTaken(SocketAddr),
    /// The port is below 1024 and this user may not bind it (`EACCES`).
    PortReserved(SocketAddr),
    /// The address belongs to no interface of this machine (`EADDRNOTAVAIL`).
    NotMyAddress(SocketAddr),
    /// What should have come within this time did not come.
    Silence {
        /// What was waited for, as in "waiting for the first datagram".
        waiting_for: &'static str,
        /// How long.
        after: Duration,
    },
    /// The peer closed or broke the connection while more was expected.
    PeerGone {
        /// What was being done, as in "sending".
        doing: &'static str,
    },
    /// A name that no resolver knows.
    UnknownName(String),
    /// An endpoint to bind to, but none to send to.
    NoDestination(SocketAddr),
    /// A link-local address without its interface (RFC 4007).
    LinkLocal(SocketAddr),
    /// A datagram larger than the protocol or this system carries (`EMSGSIZE`).
    TooLong {
        /// Octets of payload.
        octets: usize,
    },
    /// Anything else that the system refused.
    System {
        /// What was being done, as in "opening a UDP socket".
        doing: &'static str,
        /// What the system said.
        error: io::Error,
    },
}

impl Trouble {
    /// Explains why a socket could not be bound to `endpoint`.
    pub fn binding(endpoint: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            _ if is_link_local(endpoint) => Self::LinkLocal(endpoint),
            io::ErrorKind::AddrInUse => Self::PortTaken(endpoint),
            io::ErrorKind::AddrNotAvailable => Self::NotMyAddress(endpoint),
            io::ErrorKind::PermissionDenied => Self::PortReserved(endpoint),
            _ => Self::System {
                doing: "binding a socket",
                error,
            },
        }
    }

    /// Explains why no TCP connection to `endpoint` came about.
    pub fn reaching(endpoint: SocketAddr, error: io::Error) -> Self {
        match error.kind() {
            _ if is_link_local(endpoint) => Self::LinkLocal(endpoint),
            io::ErrorKind::ConnectionRefused => Self::NobodyListens {
                protocol: Protocol::Tcp,
                endpoint,
            },
            _ => Self::System {
                doing: "reaching the peer",
                error,
            },
        }
    }

    /// Explains why sending or receiving failed on a socket that was there before.
    pub fn talking(doing: &'static str, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Self::PeerGone { doing },
            _ => Self::System { doing, error },
        }
    }
}

/// An address of one link, and no word about which.
fn is_link_local(endpoint: SocketAddr) -> bool {
    matches!(endpoint, SocketAddr::V6(at) if at.ip().is_unicast_link_local() && at.scope_id() == 0)
}

/// For `map_err`: names the step that failed.
pub fn while_(doing: &'static str) -> impl Fn(io::Error) -> Trouble {
    move |error| Trouble::System { doing, error }
}

/// What the system said, without the number that it adds: `Permission denied`.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text.to_lowercase(),
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyListens { protocol, endpoint } => {
                let (name, option) = match protocol {
                    Protocol::Tcp => ("TCP", " --tcp"),
                    Protocol::Udp => ("UDP", ""),
                };
                write!(
                    f,
                    "nobody has {name} port {endpoint} open: start the receiver first, in another \
                     terminal: cargo run -q -p lesson-02-tcp-vs-udp -- receive{option}"
                )?;
                if endpoint.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
                    write!(f, " --addr {}", endpoint.ip())?;
                }
                write!(f, " --port {}", endpoint.port())
            }
            Self::PortTaken(endpoint) => write!(
                f,
                "{endpoint} is taken by another program: choose another port, or --port 0 \
                 to let the system choose a free one"
            ),
            Self::PortReserved(endpoint) => write!(
                f,
                "the system does not let you use {endpoint}: ports below 1024 are for the \
                 administrator; choose a port from 1024 to 65535, or --port 0"
            ),
            Self::NotMyAddress(endpoint) => write!(
                f,
                "{} is not an address of this machine: use 127.0.0.1 (IPv4) or ::1 (IPv6) to \
                 stay on this machine",
                endpoint.ip()
            ),
            Self::Silence { waiting_for, after } => write!(
                f,
                "nothing came in {} while {waiting_for}: is the other program running, and does it \
                 send to this endpoint?",
                Seconds(*after)
            ),
            Self::PeerGone { doing } => write!(
                f,
                "the peer closed the connection while {doing}: see in its terminal why it ended, \
                 and start it again"
            ),
            Self::UnknownName(name) => write!(
                f,
                "cannot find an address for `{}`: write an address and a port, such as \
                 127.0.0.1:9000 or [::1]:9000",
                show(name.as_bytes())
            ),
            Self::NoDestination(endpoint) => write!(
                f,
                "nothing can be sent to {endpoint}: port 0 and the address of \"every interface\" \
                 are for binding only; name the receiver, such as 127.0.0.1:9000"
            ),
            Self::LinkLocal(endpoint) => write!(
                f,
                "{} is a link-local address, and which link is meant is not said: use 127.0.0.1 \
                 (IPv4) or ::1 (IPv6) to stay on this machine",
                endpoint.ip()
            ),
            Self::TooLong { octets } => write!(
                f,
                "a datagram of {octets} octets is longer than this system sends: UDP over IPv4 \
                 carries 65507 octets at most (over IPv6 65527); send less at once"
            ),
            Self::System { doing, error } => {
                write!(f, "{doing} failed: the system says \"{}\"", plain(error))
            }
        }
    }
}

impl error::Error for Trouble {}

/// Prints a duration in seconds, without needless digits.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs_f64() {
            1.0 => write!(f, "1 second"),
            seconds => write!(f, "{seconds} seconds"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sentence_shows_the_number_of_the_error() {
        let endpoint = "127.0.0.1:9000".parse().unwrap();
        // Those of Linux, and those of Winsock that a socket meets.
        let numbers: Vec<i32> = if cfg!(windows) {
            vec![
                10_004, 10_013, 10_022, 10_024, 10_035, 10_040, 10_048, 10_049, 10_051, 10_054,
                10_055, 10_060, 10_061, 10_065,
            ]
        } else {
            (1..120).collect()
        };
        for number in numbers {
            for explain in [Trouble::binding, Trouble::reaching] {
                let sentence = explain(endpoint, io::Error::from_raw_os_error(number)).to_string();
                assert!(!sentence.contains("os error"), "{sentence}");
                assert!(!sentence.contains('\n'), "{sentence}");
            }
            let sentence =
                Trouble::talking("sending", io::Error::from_raw_os_error(number)).to_string();
            assert!(!sentence.contains("os error"), "{sentence}");
        }
    }

    #[test]
    fn a_name_cannot_command_the_terminal() {
        let sentence = Trouble::UnknownName("\u{1b}[2Jx\n".into()).to_string();
        assert!(!sentence.contains(char::is_control), "{sentence}");
        assert!(sentence.contains("`\\u{1b}[2Jx\\n`"), "{sentence}");
    }

    #[test]
    fn silence_says_how_long() {
        let silence = |after| {
            Trouble::Silence {
                waiting_for: "waiting",
                after,
            }
            .to_string()
        };
        assert!(silence(Duration::from_secs(1)).contains("in 1 second while"));
        assert!(silence(Duration::from_millis(2500)).contains("in 2.5 seconds while"));
    }
}
