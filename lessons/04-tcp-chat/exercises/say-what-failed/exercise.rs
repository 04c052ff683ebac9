//! Say what failed, and what to do. The task is in `task.md`.

use std::io;
use std::net::SocketAddr;

use kit::net::{TcpListener, TcpStream};

/// One sentence about a `connect` or `bind` that failed: which address, and what to do.
pub fn explain(address: SocketAddr, error: &io::Error) -> String {
    let _ = address;
    error.to_string()
}

/// Calls a server, or says why it cannot.
pub fn call(address: SocketAddr) -> Result<TcpStream, String> {
    TcpStream::connect(address).map_err(|error| explain(address, &error))
}

/// Listens, or says why it cannot.
pub fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| explain(address, &error))
}
