//! Only closing the connection ends what I send.
//!
//! So this client waits for the server's end first, in order to close then. But the server waits for the
//! end of *its* stream: both are in `read`, for ever. TCP ends each direction by itself. `shutdown` of the
//! direction that you write says "no more from me", and you can go on listening.

use std::io::{self, Read, Write};

use kit::net::TcpStream;

/// Sends the words and `bye\n`, ends what it sends, and returns what the server says until it has ended
/// its direction too.
pub fn say_goodbye(mut stream: TcpStream, words: &str) -> io::Result<Vec<u8>> {
    stream.write_all(words.as_bytes())?;
    stream.write_all(b"bye\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
