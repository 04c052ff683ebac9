//! Only closing the connection ends what I send.
//!
//! A connection is two streams, and your client has ended the one on which the answer should come:
//! nothing is left to read. `Shutdown::Both` and closing end both of them, `Shutdown::Read` the wrong
//! one. End only your own: `Shutdown::Write`. Then read until the server ends its stream, however long
//! that takes.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

use kit::net::TcpStream;

/// Connects to the server, sends the question, ends its own stream, and returns the whole answer: all
/// that comes until the server ends its stream.
pub fn ask(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(question)?;
    stream.shutdown(Shutdown::Both)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}
