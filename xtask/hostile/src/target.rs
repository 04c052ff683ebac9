//! Whom a peer may call: programs of this machine, and nobody else.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};

/// How long a peer waits for a connection, and for one answer.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `127.0.0.1:7070`: a TCP server.
    Tcp(SocketAddr),
    /// `udp:127.0.0.1:9000`: a program that receives UDP datagrams.
    Udp(SocketAddr),
    /// `unix:s.sock`: a server at a path, stream.
    Stream(PathBuf),
    /// `unix-datagram:d.sock`: a receiver at a path, datagrams.
    Datagram(PathBuf),
}

impl Target {
    /// Whether it takes datagrams, and not connections.
    pub fn takes_datagrams(&self) -> bool {
        matches!(self, Self::Udp(_) | Self::Datagram(_))
    }

    /// The address as the system wants it.
    ///
    /// # Errors
    /// A path that is too long for a socket's address (unix(7): 107 octets on Linux).
    pub fn address(&self) -> io::Result<SockAddr> {
        match self {
            Self::Tcp(at) | Self::Udp(at) => Ok((*at).into()),
            Self::Stream(path) | Self::Datagram(path) => SockAddr::unix(path),
        }
    }

    /// A connection, with a limit for every read and write.
    ///
    /// # Errors
    /// Nobody listens, the queue of waiting connections stays full, or no descriptor is left.
    pub fn connect(&self) -> io::Result<Socket> {
        let address = self.address()?;
        let socket = Socket::new(address.domain(), Type::STREAM, None)?;
        // A connect to a path waits as long as a write may (unix(7)); over TCP it has a limit of its own.
        socket.set_write_timeout(Some(PATIENCE))?;
        if address.domain() == Domain::UNIX {
            socket.connect(&address)?;
        } else {
            socket.connect_timeout(&address, PATIENCE)?;
            socket.set_tcp_nodelay(true)?;
        }
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(socket)
    }

    /// A socket for datagrams, without a name of its own at a path.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn datagram_socket(&self) -> io::Result<Socket> {
        let socket = Socket::new(self.address()?.domain(), Type::DGRAM, None)?;
        socket.set_write_timeout(Some(Duration::from_millis(500)))?;
        Ok(socket)
    }

    /// Whether somebody receives datagrams here, as far as this machine's system tells. It tells a sender
    /// only if its socket is connected: then the "port unreachable" of ICMP that came back for one datagram
    /// is the error of its next call (udp(7), RFC 1122 §4.1.3.3). One empty datagram is sent.
    ///
    /// # Errors
    /// No descriptor is left, or the path is no address.
    pub fn is_received(&self) -> io::Result<bool> {
        let socket = self.datagram_socket()?;
        socket.set_read_timeout(Some(Duration::from_millis(100)))?;
        let asked = socket.connect(&self.address()?).and_then(|()| {
            socket.send(&[])?;
            let mut nothing = [std::mem::MaybeUninit::uninit()];
            socket.recv(&mut nothing)
        });
        let absent = [io::ErrorKind::NotFound, io::ErrorKind::ConnectionRefused];
        Ok(!asked.is_err_and(|error| absent.contains(&error.kind())))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Self::Stream(path.into()));
        }
        if let Some(path) = text.strip_prefix("unix-datagram:") {
            return Ok(Self::Datagram(path.into()));
        }
        let (udp, endpoint) = match text.strip_prefix("udp:") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let at: SocketAddr = endpoint.parse().map_err(|_| {
            format!(
                "`{text}` is no target: write 127.0.0.1:PORT, udp:127.0.0.1:PORT, unix:PATH or \
                 unix-datagram:PATH"
            )
        })?;
        if !at.ip().to_canonical().is_loopback() {
            return Err(format!(
                "{} is not a loopback address: these peers attack programs of this machine only, \
                 at {} or ::1",
                at.ip(),
                Ipv4Addr::LOCALHOST
            ));
        }
        if at.port() == 0 {
            return Err("nobody has port 0: give the port that the server printed".to_owned());
        }
        Ok(if udp { Self::Udp(at) } else { Self::Tcp(at) })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(at) => write!(f, "{at}"),
            Self::Udp(at) => write!(f, "udp:{at}"),
            Self::Stream(path) => write!(f, "unix:{}", path.display()),
            Self::Datagram(path) => write!(f, "unix-datagram:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_and_written_alike() {
        for text in [
            "127.0.0.1:80",
            "[::1]:80",
            "udp:127.8.9.1:80",
            "unix:a b",
            "unix-datagram:/d",
        ] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn other_machines_are_refused() {
        for text in [
            "192.0.2.1:80",
            "0.0.0.0:80",
            "[::]:80",
            "udp:10.0.0.1:80",
            "[2001:db8::1]:80",
            "[::ffff:192.0.2.1]:80",
        ] {
            let why = text.parse::<Target>().unwrap_err();
            assert!(why.contains("not a loopback address"), "{text}: {why}");
        }
        for text in ["localhost:80", "127.0.0.1", "127.1:80", "", "127.0.0.1:0"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
