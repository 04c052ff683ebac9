//! A write never waits.
//!
//! It waits as soon as the buffers are full: the peer's for receiving, and yours for sending. Here both
//! sides write, nobody reads, and so both wait for ever. Read while you send: one of the two in a thread
//! of its own, or the other way round.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends the data and ends its own stream. Returns all that the peer sends until it ends its stream.
/// Whether the peer sends first, reads first, or does both at once makes no difference.
pub fn exchange(mut stream: TcpStream, data: Vec<u8>) -> io::Result<Vec<u8>> {
    stream.write_all(&data)?;
    stream.shutdown(Shutdown::Write)?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Ok(received)
}
