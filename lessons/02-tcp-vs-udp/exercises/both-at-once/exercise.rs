//! Both directions at once. The task is in `task.md`.

use std::io::{self, Read, Write};
use std::net::Shutdown;

// The socket of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use it as you know it.
use kit::net::TcpStream;

/// Sends the data and ends its own stream. Returns all that the peer sends until it ends its stream.
/// Whether the peer sends first, reads first, or does both at once makes no difference.
pub fn exchange(mut stream: TcpStream, data: Vec<u8>) -> io::Result<Vec<u8>> {
    stream.write_all(&data)?;
    // The data are with the system now, and not needed here any more.
    drop(data);
    stream.shutdown(Shutdown::Write)?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Ok(received)
}
