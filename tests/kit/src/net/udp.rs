//! UDP sockets.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use crate::logged::{Log, octets, shown_as_std};
use crate::story;

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

shown_as_std!(UdpSocket, std::net::UdpSocket);
