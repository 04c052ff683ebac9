//! A read that does not fill the buffer is the last one.
//!
//! It shows only that no more had arrived at that moment. The server may be working on the next part. The
//! end of a stream has one sign: a read that returns 0.

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
    let mut buffer = [0; 1000];
    loop {
        let count = stream.read(&mut buffer)?;
        answer.extend_from_slice(&buffer[..count]);
        if count < buffer.len() {
            return Ok(answer);
        }
    }
}
