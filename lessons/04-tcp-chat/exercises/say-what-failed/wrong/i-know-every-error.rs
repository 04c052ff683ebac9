//! I know every error that can come.
//!
//! A socket can fail in ways that no list contains: no more open files, a network that is down, an error
//! of a system that you have never used. The last arm of the `match` is for those. It must not end the
//! program, and must not hide what the error says: its words are all that is known.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use kit::net::{TcpListener, TcpStream};

/// One sentence about a `connect` or `bind` that failed: which address, and what to do.
pub fn explain(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => format!("nobody on {address}: start the server first"),
        ErrorKind::AddrInUse => format!("{address} is taken: choose another port"),
        ErrorKind::AddrNotAvailable => format!("{address} is not an address of this machine"),
        ErrorKind::PermissionDenied => format!("{address} is reserved: choose a port above 1023"),
        ErrorKind::TimedOut => format!("{address} does not answer: check the address"),
        _ => unreachable!(),
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
