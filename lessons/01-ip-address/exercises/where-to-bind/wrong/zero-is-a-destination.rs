//! 0.0.0.0 is a destination.
//!
//! A server says "listening on 0.0.0.0:8080", and you type it into the browser. It names no machine: it is
//! a way to say "all my addresses" to `bind`. Linux takes it for this machine when you connect, other
//! systems refuse it (RFC 1122 §3.2.1.3). Connect to one of the addresses; on the same machine the
//! loopback address is always one.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use kit::net::TcpListener;

/// Who may reach the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Programs on the machine that the server runs on.
    ThisMachine,
    /// Who can reach any address of the machine.
    Everybody,
}

/// How the clients come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// A listening socket for the audience, on a free port.
pub fn listen(audience: Audience, family: Family) -> io::Result<TcpListener> {
    TcpListener::bind((bind_address(audience, family), 0))
}

/// The address that a server for this audience binds to.
pub fn bind_address(audience: Audience, family: Family) -> IpAddr {
    match (audience, family) {
        (Audience::ThisMachine, Family::V4) => Ipv4Addr::LOCALHOST.into(),
        (Audience::ThisMachine, Family::V6) => Ipv6Addr::LOCALHOST.into(),
        (Audience::Everybody, Family::V4) => Ipv4Addr::UNSPECIFIED.into(),
        (Audience::Everybody, Family::V6) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

/// The address that a client on the same machine connects to, for a server that is bound to `bound`.
pub fn destination(bound: IpAddr) -> IpAddr {
    bound
}
