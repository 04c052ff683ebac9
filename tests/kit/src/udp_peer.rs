//! The other end of a talk in datagrams: the check's own side.

use std::net::{SocketAddr, UdpSocket};

use crate::failure::{Failure, Kind, Outcome};
use crate::logged::octets;
use crate::story;
use crate::wait::{self, TICK};

/// A UDP socket of the check.
pub struct Datagrams {
    name: String,
    socket: UdpSocket,
    address: SocketAddr,
}

impl Datagrams {
    pub(crate) fn new(name: &str, socket: UdpSocket) -> std::io::Result<Self> {
        socket.set_read_timeout(Some(TICK))?;
        let address = socket.local_addr()?;
        story::name_address(address, name);
        Ok(Self {
            name: name.to_owned(),
            socket,
            address,
        })
    }

    /// The socket's own address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Receives one datagram: its octets, and who sent it.
    ///
    /// # Errors
    /// When none comes.
    pub fn receive(&mut self) -> Outcome<(Vec<u8>, SocketAddr)> {
        let unmet = format!("{} receives a datagram", self.name);
        let mut buffer = vec![0; 65_536];
        let what = || "waits for a datagram".to_owned();
        let (count, from) = wait::until(&self.name, &unmet, what, || {
            self.socket.recv_from(&mut buffer).map(Some)
        })?;
        buffer.truncate(count);
        let what = format!("received a datagram of {}", octets(count));
        story::step(&self.name, what, &buffer);
        Ok((buffer, from))
    }

    /// Receives one datagram, which must be these octets. Returns who sent it.
    ///
    /// # Errors
    /// When none or another one comes.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Outcome<SocketAddr> {
        let expected = expected.as_ref();
        let (got, from) = self.receive()?;
        if got == expected {
            return Ok(from);
        }
        let unmet = format!(
            "{} receives a datagram of {}: \"{}\"",
            self.name,
            octets(expected.len()),
            expected.escape_ascii()
        );
        Err(Failure::octets(unmet, expected, &got))
    }

    /// Has no datagram come so far?
    ///
    /// # Errors
    /// When one has.
    pub fn nothing_yet(&mut self) -> Outcome {
        let unmet = format!("{} has received no datagram", self.name);
        let mut buffer = vec![0; 65_536];
        match self.socket.recv_from(&mut buffer) {
            Err(error) if wait::is_no_error(&error) => Ok(()),
            Err(error) => Err(Failure::new(
                Kind::Error,
                format!("{unmet}: {error}"),
                format!("{:?}", error.kind()),
            )),
            Ok((count, _)) => {
                let what = format!("received a datagram of {}", octets(count));
                story::step(&self.name, what, &buffer[..count]);
                Err(Failure::octets(unmet, &[], &buffer[..count]))
            }
        }
    }

    /// Sends one datagram.
    ///
    /// # Errors
    /// When the kernel refuses it.
    pub fn send(&mut self, data: impl AsRef<[u8]>, to: SocketAddr) -> Outcome {
        let data = data.as_ref();
        let what = format!("sent a datagram of {}", octets(data.len()));
        story::step(&self.name, what, data);
        match self.socket.send_to(data, to) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::new(
                Kind::Error,
                format!("{} sends a datagram: {error}", self.name),
                format!("{:?}", error.kind()),
            )),
        }
    }
}
