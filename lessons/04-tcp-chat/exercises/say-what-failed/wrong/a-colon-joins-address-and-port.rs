//! An endpoint is written as address, colon, port.
//!
//! An IPv6 address is full of colons: in `::1:8080` nobody can see where the port begins. RFC 3986 puts
//! it in brackets, `[::1]:8080`. `SocketAddr` knows that: write `{address}`, and do not put the parts
//! together by hand.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use kit::net::{TcpListener, TcpStream};

/// One sentence about a `connect` or `bind` that failed: which address, and what to do.
pub fn explain(address: SocketAddr, error: &io::Error) -> String {
    let place = format!("{}:{}", address.ip(), address.port());
    match error.kind() {
        ErrorKind::ConnectionRefused => format!("nobody listens on {place}: start the server"),
        ErrorKind::AddrInUse => format!("{place} is taken: choose another port"),
        ErrorKind::AddrNotAvailable => format!("{place} is not an address of this machine"),
        ErrorKind::PermissionDenied => format!("{place} is reserved: choose a port above 1023"),
        ErrorKind::TimedOut => format!("{place} does not answer: check the address"),
        _ => format!("{place}: {error}"),
    }
}

/// Calls a server, or says why it cannot.
pub fn call(address: SocketAddr) -> Result<TcpStream, String> {
    TcpStream::connect(address).map_err(|error| explain(address, &error))
}

/// Listens, or says why it cannot.
pub fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| explain(address, &error))
}
