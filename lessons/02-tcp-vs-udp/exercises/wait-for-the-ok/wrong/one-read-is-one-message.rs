//! One read is one message.
//!
//! `read` returns what has arrived: perhaps only the `o` of `ok`. TCP keeps no boundaries, also not those
//! of a short answer. Collect until the line is whole, and only then look at it.

use std::io::{self, Read, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(format!("{message}\n").as_bytes())?;
    let mut answer = [0; 64];
    let count = stream.read(&mut answer)?;
    if &answer[..count] == b"ok\n" {
        Ok(())
    } else {
        Err(io::Error::other("not confirmed"))
    }
}
