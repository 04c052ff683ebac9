//! The error says which address it is about.
//!
//! The system gives your program a number, 111 on Linux, and nothing more. Which address was called, only
//! your program knows, and the reader of the sentence has two terminals and three ports in mind. Write
//! the address into each sentence.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use kit::net::{TcpListener, TcpStream};

/// One sentence about a `connect` or `bind` that failed: which address, and what to do.
pub fn explain(_address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => format!("{error}: start the server first"),
        ErrorKind::AddrInUse => format!("{error}: choose another port"),
        ErrorKind::AddrNotAvailable => format!("{error}: it is not an address of this machine"),
        ErrorKind::PermissionDenied => format!("{error}: choose a port above 1023"),
        ErrorKind::TimedOut => format!("{error}: check the address"),
        _ => error.to_string(),
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
