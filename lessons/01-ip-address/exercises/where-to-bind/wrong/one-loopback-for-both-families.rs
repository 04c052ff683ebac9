//! 127.0.0.1 is the loopback address of IPv6 as well.
//!
//! It is an address of IPv4, and a server that is bound to `::` listens on IPv6. Some systems let it
//! take connections over IPv4 too, others do not: Linux does so unless it is told otherwise, Windows
//! does not. The loopback address of IPv6 is `::1`. Look at the family of `bound`.

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

use std::net::Ipv6Addr;

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
    if bound.is_unspecified() {
        return Ipv4Addr::LOCALHOST.into();
    }
    bound
}
