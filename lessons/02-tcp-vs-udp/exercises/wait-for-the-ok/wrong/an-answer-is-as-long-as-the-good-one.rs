//! Every answer is as long as the good one.
//!
//! `ok\n` has three octets, and a refusal may have more. What you do not read stays in the stream, and is
//! taken for the answer to your next message. An answer ends with `\n`: read up to there, whatever it
//! says.

use std::io::{self, Read, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    // One call for the whole line: two small writes and a read would cost 40 ms.
    stream.write_all(format!("{message}\n").as_bytes())?;
    let mut answer = [0; 3];
    stream.read_exact(&mut answer)?;
    if answer == *b"ok\n" {
        Ok(())
    } else {
        Err(io::Error::other("the store has not taken the message"))
    }
}
