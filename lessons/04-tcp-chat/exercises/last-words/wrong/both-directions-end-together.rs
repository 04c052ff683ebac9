//! Who ends the conversation ends both directions.
//!
//! `Shutdown::Both` also closes your ears. The server may still have an answer to your last words: it sends
//! it, and you have decided not to hear it. End only the direction that is yours, `Shutdown::Write`; the
//! other one ends when the server says so.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the words and `bye\n`, ends what it sends, and returns what the server says until it has ended
/// its direction too.
pub fn say_goodbye(mut stream: TcpStream, words: &str) -> io::Result<Vec<u8>> {
    stream.write_all(words.as_bytes())?;
    stream.write_all(b"bye\n")?;
    stream.shutdown(Shutdown::Both)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
