//! How long is it? The task is in `task.md`.

use std::io::{self, Write};

// The sockets of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use them as you know them.
use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    // The text alone: no browser knows what to make of it, or where it ends.
    stream.write_all(text.as_bytes())
}
