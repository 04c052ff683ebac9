//! Free ports for a scene.
//!
//! A program under test binds its port by itself, so the player has to name a port that will still
//! be free a moment later. It takes one from outside the range from which systems choose ports for
//! `--port 0` and for outgoing connections, tries it, and keeps a locked file for it while the scene
//! runs: no two scenes, and no two players, are given the same one.

use std::fs::{self, File};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};

/// Ports that a scene speaks of, and the ports that this run uses in their place.
#[derive(Debug)]
pub struct Ports {
    reserved: Vec<Reserved>,
}

#[derive(Debug)]
struct Reserved {
    declared: u16,
    actual: u16,
    /// The lock lasts as long as the file is open.
    _lock: File,
}

impl Ports {
    /// Finds a free port for each declared one, with as many digits. None of them is in `spoken_of`:
    /// a number that the scene mentions must not also stand for another.
    ///
    /// # Errors
    /// When there is no free port, or no folder for the locks.
    pub fn reserve(declared: &[u16], spoken_of: &[u16]) -> Result<Self> {
        let reserved = declared
            .iter()
            .map(|&port| reserve(port, spoken_of))
            .collect::<Result<_>>()?;
        Ok(Self { reserved })
    }

    /// The port that this run uses for a declared one.
    pub fn actual(&self, declared: u16) -> Option<u16> {
        self.reserved
            .iter()
            .find(|port| port.declared == declared)
            .map(|port| port.actual)
    }

    /// The text with declared ports replaced by this run's.
    pub fn to_actual(&self, text: &str) -> String {
        self.replace(text, |port| (port.declared, port.actual))
    }

    /// The text with this run's ports replaced by the declared ones.
    pub fn to_declared(&self, text: &str) -> String {
        self.replace(text, |port| (port.actual, port.declared))
    }

    fn replace(&self, text: &str, pair: impl Fn(&Reserved) -> (u16, u16)) -> String {
        let mut out = text.to_owned();
        for port in &self.reserved {
            let (from, to) = pair(port);
            out = replace_word(&out, &from.to_string(), &to.to_string());
        }
        out
    }
}

/// Replaces `from` where no letter or digit touches it.
pub(crate) fn replace_word(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let after = &rest[at + from.len()..];
        out.push_str(&rest[..at]);
        let before_touches = out.chars().next_back().is_some_and(char::is_alphanumeric);
        let after_touches = after.chars().next().is_some_and(char::is_alphanumeric);
        out.push_str(if before_touches || after_touches {
            from
        } else {
            to
        });
        rest = after;
    }
    out + rest
}

fn reserve(declared: u16, spoken_of: &[u16]) -> Result<Reserved> {
    let locks = std::env::temp_dir().join("layer-by-layer-ports");
    fs::create_dir_all(&locks)
        .with_context(|| format!("cannot create {} for the port locks", locks.display()))?;
    let range = if declared < 10_000 {
        5_001..10_000
    } else {
        10_000..30_000
    };
    let mut candidates: Vec<u16> = range.filter(|port| !spoken_of.contains(port)).collect();
    fastrand::shuffle(&mut candidates);
    for actual in candidates {
        let path = locks.join(format!("{actual}.lock"));
        let lock =
            File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        if lock.try_lock().is_ok() && is_free(actual) {
            return Ok(Reserved {
                declared,
                actual,
                _lock: lock,
            });
        }
    }
    bail!("no free port to use in place of {declared}")
}

/// Whether TCP and UDP, over IPv4 and (where there is any) IPv6, would let a program have the port.
///
/// std sets `SO_REUSEADDR` before it binds a TCP socket on Unix, and would not notice connections
/// in TIME_WAIT; some scenes start a program that does notice.
fn is_free(port: u16) -> bool {
    let loopback: [(Domain, IpAddr); 2] = [
        (Domain::IPV4, Ipv4Addr::LOCALHOST.into()),
        (Domain::IPV6, Ipv6Addr::LOCALHOST.into()),
    ];
    loopback.into_iter().all(|(domain, ip)| {
        [Type::STREAM, Type::DGRAM].into_iter().all(|kind| {
            let Ok(socket) = Socket::new(domain, kind, None) else {
                return true;
            };
            match socket.bind(&SocketAddr::new(ip, port).into()) {
                Ok(()) => true,
                Err(error) => error.kind() == std::io::ErrorKind::AddrNotAvailable,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_given_twice_and_each_can_be_bound() {
        let a = Ports::reserve(&[8080, 9090], &[]).unwrap();
        let b = Ports::reserve(&[8080, 30_000], &[]).unwrap();
        let actual: Vec<u16> = a
            .reserved
            .iter()
            .chain(&b.reserved)
            .map(|p| p.actual)
            .collect();
        let mut distinct = actual.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), 4, "{actual:?}");
        assert!(a.actual(8080).unwrap() < 10_000 && b.actual(30_000).unwrap() >= 10_000);
        for port in actual {
            std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
        }
    }

    #[test]
    fn a_number_that_the_scene_mentions_stands_for_itself_only() {
        let spoken_of: Vec<u16> = (5_001..9_990).collect();
        let ports = Ports::reserve(&[8080], &spoken_of).unwrap();
        assert!(ports.actual(8080).unwrap() >= 9_990);
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(!is_free(listener.local_addr().unwrap().port()));
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        assert!(!is_free(socket.local_addr().unwrap().port()));
    }

    #[test]
    fn only_whole_numbers_are_replaced() {
        assert_eq!(
            replace_word("8080 18080 127.0.0.1:8080.", "8080", "5"),
            "5 18080 127.0.0.1:5."
        );
        assert_eq!(replace_word("", "8080", "5"), "");
    }
}
