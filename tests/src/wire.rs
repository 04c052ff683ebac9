//! The wires of a scene: the ports whose traffic is recorded, and one record of all of them.

use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::ports::{Ports, whole_words};
use crate::tap::Tap;
use crate::tap::datagrams::Datagrams;
use crate::tap::record::{Record, Seen};
use crate::transcript::WireEvent;

mod order;

/// A port whose traffic is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wire {
    /// As the scene declares it.
    pub port: u16,
    /// UDP, else TCP.
    pub udp: bool,
}

/// What the scene file says of its wires.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// One wire, or the two UDP wires of a path with a program in its middle.
    pub wires: Vec<Wire>,
    /// A program waits once on purpose, at least so many milliseconds.
    pub pause: Option<u32>,
}

/// Reads what stands after `wire`: one port, or the two UDP ports of a path.
///
/// # Errors
/// What was expected.
pub(crate) fn parse(text: &str, declared: &[u16]) -> Result<Vec<Wire>> {
    let mut wires: Vec<Wire> = Vec::new();
    for word in text.split_whitespace() {
        let (port, udp) = match word.strip_suffix("/udp") {
            Some(port) => (port, true),
            None => (word, false),
        };
        let port = port.parse().ok().filter(|port| declared.contains(port));
        let port = port.context("expected a port that a `port` line declares")?;
        wires.push(Wire { port, udp });
    }
    match wires[..] {
        [_] => {}
        [a, b] if a.udp && b.udp && a.port != b.port => {}
        _ => bail!("expected one port, or the two UDP ports of a path: `wire 9000/udp 9001/udp`"),
    }
    Ok(wires)
}

/// The taps of a running scene.
pub(crate) struct Wires {
    wired: Vec<Wired>,
    pause: Option<Duration>,
}

struct Wired {
    wire: Wire,
    /// In place of the wired port, clients are given this one.
    tapped: Ports,
    tap: Option<Running>,
}

enum Running {
    Stream(Tap),
    Datagrams(Datagrams),
}

impl Running {
    fn record(&self) -> &Record {
        match self {
            Self::Stream(tap) => tap.record(),
            Self::Datagrams(tap) => tap.record(),
        }
    }

    fn is_stream(&self) -> bool {
        matches!(self, Self::Stream(_))
    }

    fn finish(self) -> Result<Vec<Seen>> {
        match self {
            Self::Stream(tap) => tap.finish(),
            Self::Datagrams(tap) => tap.finish(),
        }
    }
}

impl Wires {
    /// Finds a port for each tap. None of them is in `spoken_of`.
    ///
    /// # Errors
    /// As [`Ports::reserve`].
    pub fn reserve(plan: &Plan, spoken_of: &[u16]) -> Result<Self> {
        let wired = plan.wires.iter().map(|&wire| {
            let tapped = Ports::reserve(&[wire.port], spoken_of)?;
            Ok(Wired {
                wire,
                tapped,
                tap: None,
            })
        });
        Ok(Self {
            wired: wired.collect::<Result<_>>()?,
            pause: plan.pause.map(|ms| Duration::from_millis(ms.into())),
        })
    }

    /// A program is about to start. The first one that names a wired port listens on it; the command
    /// of a later one is given the tap's port. Waits up to `limit` for the client before.
    ///
    /// # Errors
    /// When a tap cannot start, or could not tell two clients apart.
    pub fn starts(
        &mut self,
        terminal: &str,
        command: &str,
        ports: &Ports,
        limit: Duration,
    ) -> Result<String> {
        let mut command = command.to_owned();
        for Wired { wire, tapped, tap } in &mut self.wired {
            if whole_words(&command, &wire.port.to_string())
                .next()
                .is_none()
            {
                continue;
            }
            match tap {
                None => *tap = Some(wire.start(terminal, tapped, ports)?),
                Some(tap) => {
                    tap.record().expect_client(terminal, limit)?;
                    command = tapped.to_actual(&command);
                }
            }
        }
        Ok(command)
    }

    /// The text with the taps' ports replaced by the declared ones.
    pub fn to_declared(&self, text: &str) -> String {
        self.wired.iter().fold(text.to_owned(), |text, wired| {
            wired.tapped.to_declared(&text)
        })
    }

    /// Ends the taps and returns what went by, in one order for all runs. `kill` ends the programs: a
    /// connection has not been seen to its end while somebody holds it open.
    ///
    /// # Errors
    /// When a tap has failed, or the scene's pause was not one.
    pub fn finish(&mut self, kill: impl FnOnce()) -> Result<Vec<WireEvent>> {
        let mut taps: Vec<Running> = self
            .wired
            .iter_mut()
            .filter_map(|wired| wired.tap.take())
            .collect();
        // The first wire's server is what stands in the middle of a path.
        let middle = taps
            .first()
            .map_or_else(String::new, |tap| tap.record().server().to_owned());
        // What is on its way still finds its receiver alive.
        let streams = taps.split_off(taps.partition_point(|tap| !tap.is_stream()));
        let mut records = Vec::new();
        for tap in taps {
            records.push(tap.finish()?);
        }
        kill();
        for tap in streams {
            records.push(tap.finish()?);
        }
        let mut records = records.into_iter();
        let first = records.next().unwrap_or_default();
        let seen = match records.next() {
            Some(second) => order::path(first, second, &middle),
            None => first,
        };
        match self.pause {
            Some(pause) => order::pause(seen, pause),
            None => Ok(seen.into_iter().map(|seen| seen.event).collect()),
        }
    }
}

impl Wire {
    fn start(self, server: &str, tapped: &Ports, ports: &Ports) -> Result<Running> {
        let own = tapped.actual(self.port).context("the tap has a port")?;
        let port = ports.actual(self.port).context("the server has a port")?;
        let own = (Ipv4Addr::LOCALHOST, own);
        Ok(if self.udp {
            let socket = UdpSocket::bind(own).context("cannot start the tap")?;
            let server_address = (Ipv4Addr::LOCALHOST, port).into();
            Running::Datagrams(Datagrams::start(socket, server_address, server)?)
        } else {
            let listener = TcpListener::bind(own).context("cannot start the tap")?;
            Running::Stream(Tap::start(listener, port, server)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_is_one_port_or_a_path_of_two() {
        let read = |text| parse(text, &[8080, 9001]).map_err(|error| error.to_string());
        let wire = |port, udp| Wire { port, udp };
        assert_eq!(read("8080"), Ok(vec![wire(8080, false)]));
        assert_eq!(
            read("8080/udp 9001/udp"),
            Ok(vec![wire(8080, true), wire(9001, true)])
        );
        for wrong in [
            "",
            "8080 9001",
            "8080/udp 9001",
            "8080/udp 8080/udp",
            "8080/udp 9001/udp 8080/udp",
        ] {
            assert!(read(wrong).unwrap_err().contains("of a path"), "{wrong}");
        }
        for wrong in ["9002", "8080/tcp", "8080 /udp"] {
            assert!(read(wrong).unwrap_err().contains("declares"), "{wrong}");
        }
    }
}
