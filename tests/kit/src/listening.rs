//! The check's own side of an exercise in which the student writes the client.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
#[cfg(unix)]
use std::os::unix::net::UnixListener;

use crate::failure::{Failure, Kind, Outcome};
use crate::peer::Peer;
use crate::story;
use crate::wait;

/// A listening socket of the check.
pub struct Listening {
    name: String,
    socket: Socket,
}

enum Socket {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(UnixListener),
}

impl Listening {
    pub(crate) fn tcp(name: &str, socket: TcpListener) -> io::Result<Self> {
        // Asked again and again, because `accept` knows no time limit.
        socket.set_nonblocking(true)?;
        story::name_address(socket.local_addr()?, name);
        Ok(Self {
            name: name.to_owned(),
            socket: Socket::Tcp(socket),
        })
    }

    #[cfg(unix)]
    pub(crate) fn unix(name: &str, socket: UnixListener) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self {
            name: name.to_owned(),
            socket: Socket::Unix(socket),
        })
    }

    /// Where it listens.
    ///
    /// # Panics
    /// For a Unix socket, whose path the check knows.
    pub fn address(&self) -> SocketAddr {
        match &self.socket {
            Socket::Tcp(socket) => socket.local_addr().expect("a bound socket has an address"),
            #[cfg(unix)]
            Socket::Unix(_) => panic!("a Unix socket has a path"),
        }
    }

    /// Waits for the student's code to connect.
    ///
    /// # Errors
    /// When it does not.
    pub fn accept(&self) -> Outcome<Peer> {
        let unmet = format!("{} accepts a connection", self.name);
        let what = || "is in `accept`: nobody has connected".to_owned();
        let peer = wait::until(&self.name, &unmet, what, || match self.try_accept() {
            Ok(peer) => Ok(Some(peer)),
            Err(error) => {
                if error.kind() == ErrorKind::WouldBlock {
                    story::wait_for_news(wait::TICK);
                }
                Err(error)
            }
        })?;
        story::step(&self.name, "accepted a connection", &[]);
        Ok(peer)
    }

    /// Has nobody connected so far?
    ///
    /// # Errors
    /// When somebody has.
    pub fn nobody_yet(&self) -> Outcome {
        if self.try_accept().is_err() {
            return Ok(());
        }
        story::step(&self.name, "accepted a connection", &[]);
        let unmet = format!("{} has no connection to accept", self.name);
        Err(Failure::new(Kind::Value, unmet, "connected"))
    }

    fn try_accept(&self) -> io::Result<Peer> {
        match &self.socket {
            Socket::Tcp(socket) => {
                let (stream, client) = socket.accept()?;
                // Some systems hand the listening socket's setting on.
                stream.set_nonblocking(false)?;
                Peer::tcp(&self.name, stream, client)
            }
            #[cfg(unix)]
            Socket::Unix(socket) => {
                let (stream, _) = socket.accept()?;
                stream.set_nonblocking(false)?;
                Peer::unix(&self.name, stream)
            }
        }
    }
}
