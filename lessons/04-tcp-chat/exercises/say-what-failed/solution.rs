//! Say what failed, and what to do.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use kit::net::{TcpListener, TcpStream};

/// One sentence about a `connect` or `bind` that failed: which address, and what to do.
pub fn explain(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => {
            format!("nobody listens on {address}: start the server first")
        }
        ErrorKind::AddrInUse => {
            format!("{address} is taken: stop its server, or choose another port")
        }
        ErrorKind::AddrNotAvailable => {
            format!("{address} is not an address of this machine: listen on 127.0.0.1")
        }
        ErrorKind::PermissionDenied => {
            format!("you may not listen on {address}: choose a port above 1023")
        }
        ErrorKind::TimedOut => format!("{address} does not answer: check the address"),
        _ => format!("{address} cannot be used: {error}"),
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
