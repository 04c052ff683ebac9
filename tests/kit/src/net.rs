//! The sockets of `std::net` with a logbook: each call is a step of the story.
//!
//! They are used like those of `std`, and have its methods: the ones that are not listed here come
//! from `std` by [`Deref`].

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, ToSocketAddrs};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use crate::logged::{Log, octets};
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

impl Deref for TcpListener {
    type Target = std::net::TcpListener;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl fmt::Debug for TcpListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

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
        let peer = route.map_or_else(
            || "the other side".to_owned(),
            |(_, peer)| story::name_of(peer),
        );
        let log = Log::new(peer, route, "closed the connection");
        Self { inner, log }
    }
}

impl Deref for TcpStream {
    type Target = std::net::TcpStream;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl Read for &TcpStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.log.read(buffer, |buffer| (&self.inner).read(buffer))
    }
}

impl Write for &TcpStream {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.log.write(data, |data| (&self.inner).write(data))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for TcpStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self).read(buffer)
    }
}

impl Write for TcpStream {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        (&*self).write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// [`std::net::UdpSocket`] with a logbook.
pub struct UdpSocket {
    inner: std::net::UdpSocket,
    log: Arc<Log>,
}

impl UdpSocket {
    /// See [`std::net::UdpSocket::bind`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn bind<A: ToSocketAddrs>(address: A) -> io::Result<Self> {
        let log = Log::new(String::new(), None, "");
        match std::net::UdpSocket::bind(address) {
            Ok(inner) => {
                let local = inner.local_addr()?;
                log.say(format!("is bound to {}", story::name_of(local)), &[]);
                Ok(Self { inner, log })
            }
            Err(error) => {
                log.say(format!("`bind` failed: {error}"), &[]);
                Err(error)
            }
        }
    }

    /// Without a step in the story: it is the check that made it.
    pub(crate) fn given(inner: std::net::UdpSocket) -> Self {
        let log = Log::new(String::new(), None, "");
        Self { inner, log }
    }

    /// See [`std::net::UdpSocket::try_clone`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn try_clone(&self) -> io::Result<Self> {
        let log = Arc::clone(&self.log);
        self.inner.try_clone().map(|inner| Self { inner, log })
    }

    /// See [`std::net::UdpSocket::set_read_timeout`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn set_read_timeout(&self, limit: Option<Duration>) -> io::Result<()> {
        self.log.set_timed(limit);
        self.inner.set_read_timeout(limit)
    }

    /// See [`std::net::UdpSocket::connect`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn connect<A: ToSocketAddrs>(&self, address: A) -> io::Result<()> {
        let result = self.inner.connect(address);
        match (&result, self.inner.peer_addr()) {
            (Ok(()), Ok(peer)) => {
                let named = story::name_of(peer);
                self.log
                    .say(format!("`connect` chose {named} as the only peer"), &[]);
            }
            (Err(error), _) => self.log.say(format!("`connect` failed: {error}"), &[]),
            _ => {}
        }
        result
    }

    /// See [`std::net::UdpSocket::send`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn send(&self, data: &[u8]) -> io::Result<usize> {
        let peer = self.peer();
        self.sent("send", data, &peer, || self.inner.send(data))
    }

    /// See [`std::net::UdpSocket::send_to`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn send_to<A: ToSocketAddrs>(&self, data: &[u8], address: A) -> io::Result<usize> {
        let target = address.to_socket_addrs()?.next();
        let named = target.map_or_else(|| "nobody".to_owned(), story::name_of);
        self.sent("send_to", data, &named, || {
            self.inner.send_to(data, address)
        })
    }

    fn sent(
        &self,
        call: &'static str,
        data: &[u8],
        to: &str,
        send: impl FnOnce() -> io::Result<usize>,
    ) -> io::Result<usize> {
        let count = octets(data.len());
        self.log.say(
            format!("calls `{call}` with a datagram of {count} for {to}"),
            data,
        );
        let result = self.log.call(call, send);
        if let Err(error) = &result {
            self.log.say(format!("`{call}` failed: {error}"), &[]);
        }
        result
    }

    /// See [`std::net::UdpSocket::recv`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.log.call("recv", || self.inner.recv(buffer));
        let peer = self.peer();
        self.log
            .received("recv", buffer, &peer, result.as_ref().copied());
        result
    }

    /// See [`std::net::UdpSocket::recv_from`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let result = self.log.call("recv_from", || self.inner.recv_from(buffer));
        let from = result
            .as_ref()
            .map_or_else(|_| String::new(), |(_, from)| story::name_of(*from));
        let count = result.as_ref().map(|(count, _)| *count);
        self.log.received("recv_from", buffer, &from, count);
        result
    }

    /// See [`std::net::UdpSocket::join_multicast_v4`].
    ///
    /// # Errors
    /// Those of `std`.
    pub fn join_multicast_v4(&self, group: &Ipv4Addr, interface: &Ipv4Addr) -> io::Result<()> {
        self.log
            .say(format!("joins the group {group} on {interface}"), &[]);
        self.inner.join_multicast_v4(group, interface)
    }

    fn peer(&self) -> String {
        self.inner
            .peer_addr()
            .map_or_else(|_| "the peer".to_owned(), story::name_of)
    }
}

impl Deref for UdpSocket {
    type Target = std::net::UdpSocket;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl fmt::Debug for UdpSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
