//! A datagram that is no answer ends the wait.
//!
//! Then everybody who can send to your socket makes you ask again, and uses up your tries: your client
//! gives up although the answer is on its way. Throw the datagram away, and go on waiting for what is left
//! of this wait.

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
    wait: Duration,
) -> io::Result<Vec<u8>> {
    let number = number.to_be_bytes();
    let datagram = [&number, question].concat();
    let mut buffer = [0; 2000];
    socket.set_read_timeout(Some(wait))?;
    for _ in 0..tries {
        socket.send_to(&datagram, server)?;
        let (length, sender) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) if is_timeout(&error) => continue,
            Err(error) => return Err(error),
        };
        if sender == server
            && let Some(text) = buffer[..length].strip_prefix(&number)
        {
            return Ok(text.to_vec());
        }
    }
    Err(ErrorKind::TimedOut.into())
}

/// Linux and macOS call it `WouldBlock`, Windows `TimedOut`.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
