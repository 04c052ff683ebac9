//! TCP: listening sockets and connections.

use std::io;
use std::net::{Shutdown, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use crate::logged::{Log, octets, shown_as_std, stream_of_octets};
use crate::story;

/// [`std::net::TcpListener`] with a logbook.
pub struct TcpListener {
    inner: std::net::TcpListener,
    log: Arc<Log>,
}

impl TcpListener {
    /// See [`std::net::TcpListener::bind`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn bind<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        let inner = std::net::TcpListener::bind(address);
        let log = Log::new(String::new(), None, "");
        match inner {
            Ok(inner) => {
                let local = inner.local_addr()?;
                story::listens(local);
                log.say(format!("listens on {}", story::name_of(local)), &[]);
                Ok(Self { inner, log })
            }
            Err(error) => {
                log.say(format!("`bind` failed: {error}"), &[]);
                Err(error)
            }
        }
    }

    /// Without a step in the story: it is the check that made it.
    pub(crate) fn given(inner: std::net::TcpListener) -> Self {
        let log = Log::new(String::new(), None, "");
        Self { inner, log }
    }

    /// See [`std::net::TcpListener::accept`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        match self.log.call("accept", || self.inner.accept()) {
            Ok((stream, peer)) => {
                story::accepted(peer);
                let named = story::name_of(peer);
                self.log
                    .say(format!("`accept` returned the connection of {named}"), &[]);
                Ok((stream.into(), peer))
            }
            Err(error) => {
                self.log.say(format!("`accept` failed: {error}"), &[]);
                Err(error)
            }
        }
    }

    /// See [`std::net::TcpListener::incoming`].
    pub fn incoming(&self) -> impl Iterator<Item = io::Result<TcpStream>> {
        std::iter::repeat_with(|| self.accept().map(|(stream, _)| stream))
    }

    /// See [`std::net::TcpListener::try_clone`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn try_clone(&self) -> io::Result<Self> {
        let log = Arc::clone(&self.log);
        self.inner.try_clone().map(|inner| Self { inner, log })
    }
}

shown_as_std!(TcpListener, std::net::TcpListener);

/// [`std::net::TcpStream`] with a logbook.
pub struct TcpStream {
    inner: std::net::TcpStream,
    log: Arc<Log>,
}

impl TcpStream {
    /// See [`std::net::TcpStream::connect`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn connect<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        Self::connected(|| std::net::TcpStream::connect(address))
    }

    /// See [`std::net::TcpStream::connect_timeout`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn connect_timeout(address: &SocketAddr, limit: Duration) -> io::Result<Self> {
        Self::connected(|| std::net::TcpStream::connect_timeout(address, limit))
    }

    fn connected(connect: impl FnOnce() -> io::Result<std::net::TcpStream>) -> io::Result<Self> {
        let before = Log::new(String::new(), None, "");
        match before.call("connect", connect) {
            Ok(inner) => {
                if let Ok(peer) = inner.peer_addr() {
                    before.say(format!("connected to {}", story::name_of(peer)), &[]);
                }
                Ok(inner.into())
            }
            Err(error) => {
                before.say(format!("`connect` failed: {error}"), &[]);
                Err(error)
            }
        }
    }

    /// See [`std::net::TcpStream::try_clone`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn try_clone(&self) -> io::Result<Self> {
        let log = Arc::clone(&self.log);
        self.inner.try_clone().map(|inner| Self { inner, log })
    }

    /// See [`std::net::TcpStream::shutdown`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.log.say(format!("calls `shutdown({how:?})`"), &[]);
        self.inner.shutdown(how)
    }

    /// See [`std::net::TcpStream::set_read_timeout`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn set_read_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        self.log.set_timed(limit);
        self.inner.set_read_timeout(limit)
    }

    /// See [`std::net::TcpStream::set_nonblocking`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn set_nonblocking(&self, on: bool) -> io::Result<()> {
        self.inner.set_nonblocking(on)
    }

    /// See [`std::net::TcpStream::peek`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.log.call("peek", || self.inner.peek(buffer));
        if let Ok(count) = result {
            let found = format!("`peek` found {}", octets(count));
            self.log.say(found, &buffer[..count]);
        }
        result
    }
}

impl From<std::net::TcpStream> for TcpStream {
    fn from(inner: std::net::TcpStream) -> Self {
        let route = inner.local_addr().ok().zip(inner.peer_addr().ok());
        story::logs(route);
        let peer = route.map_or_else(
            || "the other side".to_owned(),
            |(_, peer)| story::name_of(peer),
        );
        let log = Log::new(peer, route, "closed the connection");
        Self { inner, log }
    }
}

shown_as_std!(TcpStream, std::net::TcpStream);

stream_of_octets!(TcpStream);
