//! The peer can see that I have sent everything.
//!
//! A stream has no marks: the server has your last octet and waits for the next one, while you wait for
//! its answer. Both wait for ever. End your own stream with `shutdown(Shutdown::Write)` before you read.
//! To drop a clone of the socket ends nothing, as long as another one is open.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

use kit::net::TcpStream;

/// Connects to the server, sends the question, ends its own stream, and returns the whole answer: all
/// that comes until the server ends its stream.
pub fn ask(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(question)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    stream.shutdown(Shutdown::Write)?;
    Ok(answer)
}
