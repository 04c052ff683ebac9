//! Sent is not received. The task is in `task.md`.

use std::io::{self, Write};

// The socket of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use it as you know it.
use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(message.as_bytes())?;
    stream.write_all(b"\n")
}
