//! Ask, wait, ask again, give up. The task is in `task.md`.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

// The socket of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use it as you know it.
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
    let datagram = [&number.to_be_bytes(), question].concat();
    // All at once: one of them will arrive. Or will it?
    for _ in 0..tries {
        socket.send_to(&datagram, server)?;
    }
    socket.set_read_timeout(Some(wait))?;
    let mut buffer = [0; 2000];
    let (length, _sender) = socket.recv_from(&mut buffer)?;
    Ok(buffer[4..length].to_vec())
}
