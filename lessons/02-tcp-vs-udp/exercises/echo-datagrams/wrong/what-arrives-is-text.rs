//! What arrives is text.
//!
//! A datagram carries octets, and they may be anything, a part of a picture for instance.
//! `from_utf8_lossy` puts three other octets in the place of each one that is no UTF-8, and `trim`
//! takes some away. Send back what came, `&buffer[..count]`, and make no text of it.

use std::io;

use kit::net::UdpSocket;

/// Sends each datagram back to whoever sent it. Returns only when the socket reports an error.
pub fn echo(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; 65_507];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        let text = String::from_utf8_lossy(&buffer[..count]);
        socket.send_to(text.as_bytes(), sender)?;
    }
}
