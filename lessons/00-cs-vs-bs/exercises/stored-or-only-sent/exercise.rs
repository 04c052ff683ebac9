//! Stored, or only sent? The task is in `task.md`.

use std::io::{self, Write};
use std::net::SocketAddr;

// The sockets of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use them as you know them.
use kit::net::TcpStream;

/// Stores `text` as the file `name` on the network disk. `Ok` when, and only when, the server has said
/// that the file is stored.
pub fn store(server: SocketAddr, name: &str, text: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    // This only says what it is going to do.
    stream.write_all(format!("PUT {} {name}\n", text.len()).as_bytes())
}
