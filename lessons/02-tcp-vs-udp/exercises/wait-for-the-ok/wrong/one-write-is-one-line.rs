//! One write is one line.
//!
//! TCP carries the octets that you write, and no mark of where a write ended. Without a `\n` the store
//! has no line: it waits for the rest, and you wait for its answer. Write the line's end too.

use std::io::{self, ErrorKind, Read, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(message.as_bytes())?;
    let mut answer = Vec::new();
    let mut octet = [0];
    while !answer.ends_with(b"\n") {
        if stream.read(&mut octet)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        answer.extend_from_slice(&octet);
    }
    if answer == b"ok\n" {
        Ok(())
    } else {
        Err(io::Error::other("the store has not taken the message"))
    }
}
