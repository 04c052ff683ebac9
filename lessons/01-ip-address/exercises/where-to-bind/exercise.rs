//! Who may reach your server? The task is in `task.md`.

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
    // It works on your own machine. Let a neighbour try it.
    let _ = (audience, family);
    Ipv4Addr::LOCALHOST.into()
}

/// The address that a client on the same machine connects to, for a server that is bound to `bound`.
pub fn destination(bound: IpAddr) -> IpAddr {
    bound
}
