//! Whatever else fails, "something went wrong" is enough.
//!
//! It is true of every failure, and so it says nothing. You cannot know what an unknown error means, but
//! its own words are better than none: "too many open files" sends the reader to the right place. Put
//! them into the sentence of the last arm.

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
        _ => format!("{address}: something went wrong"),
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
