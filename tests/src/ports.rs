//! Free ports for a scene.
//!
//! A program under test binds its port by itself, so the player has to name a port that will still
//! be free a moment later. It takes one from outside the range from which systems choose ports for
//! `--port 0` and for outgoing connections, tries it, and keeps a locked file for it while the scene
//! runs: no two scenes, and no two players, are given the same one.

use std::fs::{self, File};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Range;

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};

use crate::{folder, program};

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

    /// Each declared port, and the one that this run uses.
    pub fn pairs(&self) -> Vec<(u16, u16)> {
        let pair = |port: &Reserved| (port.declared, port.actual);
        self.reserved.iter().map(pair).collect()
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

/// Where `word` stands in the text and no letter or digit touches it.
pub(crate) fn whole_words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = Range<usize>> {
    let ranges = text
        .match_indices(word)
        .map(|(start, found)| start..start + found.len());
    ranges.filter(|range| {
        let before = text[..range.start].chars().next_back();
        let after = text[range.end..].chars().next();
        ![before, after]
            .into_iter()
            .flatten()
            .any(char::is_alphanumeric)
    })
}

fn replace_word(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for range in whole_words(text, from) {
        out.extend([&text[done..range.start], to]);
        done = range.end;
    }
    out + &text[done..]
}

fn reserve(declared: u16, spoken_of: &[u16]) -> Result<Reserved> {
    let locks = folder::temporary().join(format!("layer-by-layer-ports{}", user()));
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
        // Many ports share a lock, so that there are few files.
        let path = locks.join(format!("{}.lock", actual % 256));
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("cannot open {}", path.display()))?;
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

/// Each user has a folder of locks: nobody may write into another's.
#[cfg(unix)]
fn user() -> String {
    format!("-{}", rustix::process::geteuid())
}

#[cfg(not(unix))]
fn user() -> String {
    String::new()
}

/// Whether TCP and UDP, over IPv4 and (where there is any) IPv6, would let a program have the port.
///
/// std sets `SO_REUSEADDR` before it binds a TCP socket on Unix, and would not notice connections
/// in TIME_WAIT; some scenes start a program that does notice.
fn is_free(port: u16) -> bool {
    let _nothing_starts = program::starting();
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

    #[cfg(unix)]
    #[test]
    fn a_port_is_free_at_once_while_other_scenes_start_programs() {
        use std::net::TcpListener;
        use std::path::Path;
        use std::sync::Arc;
        use std::sync::atomic::{AtomicBool, Ordering};

        use crate::program::{Launch, Program};

        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let here = Path::new("/");
                    let launch = Launch {
                        command: "ls",
                        slots: &[],
                        bin: here,
                        dir: here,
                        bell: &Arc::default(),
                        seat: None,
                    };
                    drop(Program::start(launch).unwrap());
                }
            });
            for _ in 0..2000 {
                let ports = Ports::reserve(&[8080], &[]).unwrap();
                let bound = TcpListener::bind(("127.0.0.1", ports.actual(8080).unwrap()));
                if bound.is_err() {
                    stop.store(true, Ordering::Relaxed);
                }
                bound.unwrap();
            }
            stop.store(true, Ordering::Relaxed);
        });
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
