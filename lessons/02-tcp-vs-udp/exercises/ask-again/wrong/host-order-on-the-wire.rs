//! Numbers go on the wire as they stand in memory.
//!
//! Most processors keep the least significant octet first. On the wire the agreed order counts, and it
//! begins with the most significant one: question 7 is `00 00 00 07`. Your two ends would agree with
//! each other, and no other program agrees with them. Use `to_be_bytes`.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use kit::net::UdpSocket;

use std::io::ErrorKind::{TimedOut, WouldBlock};
use std::time::Instant;

/// Asks the server a question up to `tries` times, waits for the time `wait` after each, and returns the
/// text of the answer.
///
/// Question and answer begin with the question's number: four octets, most significant first. Only a
/// datagram from the server with this number is the answer; others change nothing. After the last try
/// and its wait: an error of the kind `TimedOut`.
pub fn ask(
    socket: &UdpSocket,
    server: SocketAddr,
    number: u32,
    question: &[u8],
    tries: u32,
    wait: Duration,
) -> io::Result<Vec<u8>> {
    let datagram = [&number.to_ne_bytes(), question].concat();
    let mut buffer = [0; 2000];
    for _ in 0..tries {
        socket.send_to(&datagram, server)?;
        let end = Instant::now() + wait;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left))?;
            let (length, sender) = match socket.recv_from(&mut buffer) {
                Ok(received) => received,
                Err(error) if matches!(error.kind(), WouldBlock | TimedOut) => break,
                Err(error) => return Err(error),
            };
            if sender == server && buffer[..length].starts_with(&number.to_ne_bytes()) {
                return Ok(buffer[4..length].to_vec());
            }
        }
    }
    Err(TimedOut.into())
}
