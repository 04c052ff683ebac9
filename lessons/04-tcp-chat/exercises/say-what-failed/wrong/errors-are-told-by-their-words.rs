//! An error has the same words and the same number everywhere.
//!
//! "Connection refused" and 111 are what Linux says, in English. macOS says 61, Windows 10061 and other
//! words, in the language of the machine. `error.kind()` is what the standard library makes of all of
//! them: compare that.

use std::io;
use std::net::SocketAddr;

use kit::net::{TcpListener, TcpStream};

/// One sentence about a `connect` or `bind` that failed: which address, and what to do.
pub fn explain(address: SocketAddr, error: &io::Error) -> String {
    let words = error.to_string();
    if words.contains("refused") {
        format!("nobody listens on {address}: start the server first")
    } else if words.contains("already in use") || words.contains("Only one usage") {
        format!("{address} is taken: choose another port")
    } else if words.contains("assign requested") || words.contains("not valid in its context") {
        format!("{address} is not an address of this machine")
    } else if words.contains("denied") {
        format!("{address} is reserved: choose a port above 1023")
    } else if words.contains("timed out") {
        format!("{address} does not answer: check the address")
    } else {
        format!("{address}: {words}")
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
