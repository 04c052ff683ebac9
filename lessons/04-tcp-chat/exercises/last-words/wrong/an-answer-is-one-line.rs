//! An answer is one line.
//!
//! Nobody has promised that. The server may say two lines, or ten, or none, and what you leave unread is lost
//! when you close. Only the end of the stream says that it has said everything: read until a read returns 0.

use std::io::{self, BufRead, BufReader, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the words and `bye\n`, ends what it sends, and returns what the server says until it has ended
/// its direction too.
pub fn say_goodbye(mut stream: TcpStream, words: &str) -> io::Result<Vec<u8>> {
    stream.write_all(words.as_bytes())?;
    stream.write_all(b"bye\n")?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    BufReader::new(&stream).read_until(b'\n', &mut answer)?;
    Ok(answer)
}
