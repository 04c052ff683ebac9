//! What arrives is as long as we agreed.
//!
//! Anybody can send you a datagram, of any length, also of none. In the buffer behind a short one
//! stands what an earlier one has left: you take that number for this one's, and a slice that reaches
//! beyond its end panics. Look only at `buffer[..length]`.

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
    let datagram = [&number.to_be_bytes(), question].concat();
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
            if sender == server && buffer[..4] == number.to_be_bytes() {
                return Ok(buffer[4..length].to_vec());
            }
        }
    }
    Err(TimedOut.into())
}
