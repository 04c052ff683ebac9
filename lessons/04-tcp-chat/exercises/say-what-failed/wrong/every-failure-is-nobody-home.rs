//! If it fails, the server is not running.
//!
//! That is one reason of many, and only for `connect`. A port that is taken fails because a server *is*
//! running; a wrong address fails however many servers run. Advice that does not fit sends people to
//! search in the wrong place. Look at `error.kind()`, one sentence for each.

use std::io;
use std::net::SocketAddr;

use kit::net::{TcpListener, TcpStream};

/// One sentence about a `connect` or `bind` that failed: which address, and what to do.
pub fn explain(address: SocketAddr, error: &io::Error) -> String {
    format!("cannot reach {address}: start the server first ({error})")
}

/// Calls a server, or says why it cannot.
pub fn call(address: SocketAddr) -> Result<TcpStream, String> {
    TcpStream::connect(address).map_err(|error| explain(address, &error))
}

/// Listens, or says why it cannot.
pub fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| explain(address, &error))
}
