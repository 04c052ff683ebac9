//! What arrives is text.
//!
//! Some answers are, and an answer may as well be a picture. Not every row of octets is UTF-8, and
//! `read_to_string` fails with those that are not. You were asked for octets: collect them in a
//! `Vec<u8>`, with `read_to_end`.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use kit::net::TcpStream;

use std::net::Shutdown;

/// Connects to the server, sends the question, ends its own stream, and returns the whole answer: all
/// that comes until the server ends its stream.
pub fn ask(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(question)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.into_bytes())
}
