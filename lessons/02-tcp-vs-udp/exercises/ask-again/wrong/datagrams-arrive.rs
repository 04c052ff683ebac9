//! A datagram that was sent arrives.
//!
//! It may be lost, the question as well as the answer, and nobody tells you. A receive without a time limit
//! then waits for ever. Give each receive a limit, and send the question again when it has passed.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

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
    _wait: Duration,
) -> io::Result<Vec<u8>> {
    let number = number.to_be_bytes();
    let datagram = [&number, question].concat();
    let mut buffer = [0; 2000];
    for _ in 0..tries {
        socket.send_to(&datagram, server)?;
        loop {
            let (length, sender) = socket.recv_from(&mut buffer)?;
            if sender == server
                && let Some(text) = buffer[..length].strip_prefix(&number)
            {
                return Ok(text.to_vec());
            }
        }
    }
    Err(ErrorKind::TimedOut.into())
}
