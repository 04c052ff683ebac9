//! Last words.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the words and `bye\n`, ends what it sends, and returns what the server says until it has ended
/// its direction too.
pub fn say_goodbye(mut stream: TcpStream, words: &str) -> io::Result<Vec<u8>> {
    stream.write_all(words.as_bytes())?;
    stream.write_all(b"bye\n")?;
    stream.shutdown(Shutdown::Write)?;
    // Only when the server has ended too is it sure that its program has read all.
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
