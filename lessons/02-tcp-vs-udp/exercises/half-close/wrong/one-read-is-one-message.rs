//! One read is one message.
//!
//! `read` returns what has arrived so far, and no more than the buffer holds. The rest of the answer is
//! still on its way, or waits in the kernel. Read again and again, until a read returns 0: that is the
//! end of the answer.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

use kit::net::TcpStream;

/// Connects to the server, sends the question, ends its own stream, and returns the whole answer: all
/// that comes until the server ends its stream.
pub fn ask(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(question)?;
    stream.shutdown(Shutdown::Write)?;
    let mut buffer = [0; 4096];
    let count = stream.read(&mut buffer)?;
    Ok(buffer[..count].to_vec())
}
