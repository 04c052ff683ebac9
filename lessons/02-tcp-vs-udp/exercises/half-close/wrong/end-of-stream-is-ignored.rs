//! A read of 0 octets is nothing to worry about.
//!
//! On a stream, a read that returns 0 is the end: the server will send no more, and every further read
//! returns 0 at once. A loop that goes on reads nothing for ever. The end is what you wait for: leave
//! the loop, and return the answer.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

use kit::net::TcpStream;

/// Connects to the server, sends the question, ends its own stream, and returns the whole answer: all
/// that comes until the server ends its stream.
pub fn ask(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(question)?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    let mut buffer = [0; 1024];
    while let Ok(count) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..count]);
    }
    Ok(answer)
}
