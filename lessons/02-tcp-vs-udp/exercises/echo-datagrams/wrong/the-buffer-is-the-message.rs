//! The whole buffer is the message.
//!
//! A receive overwrites only the beginning of the buffer. Behind it stand the zeros, or what is left of
//! an earlier datagram, perhaps of another client. The count that `recv_from` returns says how many octets
//! are yours: send `&buffer[..count]`.

use std::io;

use kit::net::UdpSocket;

/// Sends each datagram back to whoever sent it. Returns only when the socket reports an error.
pub fn echo(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 9_000];
    loop {
        let (_count, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer, sender)?;
    }
}
