//! The two sides take turns.
//!
//! Only if both programs have agreed on it. This peer reads all before it sends anything, so the first
//! `read` waits for an octet that comes after your last one, and you do not send on. The two directions of a
//! connection know nothing of each other: send and receive in two threads.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the data and ends its own stream. Returns all that the peer sends until it ends its stream.
/// Whether the peer sends first, reads first, or does both at once makes no difference.
pub fn exchange(mut stream: TcpStream, data: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut received = Vec::new();
    let mut buffer = vec![0; 65_536];
    for part in data.chunks(buffer.len()) {
        stream.write_all(part)?;
        let count = stream.read(&mut buffer)?;
        received.extend_from_slice(&buffer[..count]);
    }
    stream.shutdown(Shutdown::Write)?;
    stream.read_to_end(&mut received)?;
    Ok(received)
}
