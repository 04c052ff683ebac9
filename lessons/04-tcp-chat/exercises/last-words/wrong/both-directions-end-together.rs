//! Who ends the conversation ends both directions.
//!
//! The server may still have an answer to your last words: it sends it, and you hear it no more. With
//! `Shutdown::Both` you have closed your ears; who takes only what is there already has left too early. End
//! only the direction that is yours, `Shutdown::Write`, and read until the server ends the other one.

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
