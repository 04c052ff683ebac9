//! What I have written has been sent.
//!
//! A `BufWriter` keeps small writes until it has many, or until you say `flush`. So the message still
//! stands in your own program while you wait for the answer to it. Write to the stream itself, or flush
//! before you read.

use std::io::{self, ErrorKind, Read, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    // One call for the whole line: two small writes and a read would cost 40 ms.
    let mut writer = io::BufWriter::new(&*stream);
    writer.write_all(format!("{message}\n").as_bytes())?;
    let mut stream = &*stream;
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
