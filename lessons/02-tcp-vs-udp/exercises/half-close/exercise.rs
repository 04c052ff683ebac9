//! Say that nothing more comes. The task is in `task.md`.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

// The socket of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use it as you know it.
use kit::net::TcpStream;

/// Connects to the server, sends the question, ends its own stream, and returns the whole answer: all
/// that comes until the server ends its stream.
pub fn ask(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(question)?;
    let mut answer = vec![0; 1024];
    let count = stream.read(&mut answer)?;
    answer.truncate(count);
    Ok(answer)
}
