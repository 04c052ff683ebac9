//! Who sends nothing wants nothing.
//!
//! A datagram of 0 octets is a message: it has a sender, and that sender waits for its answer. Some
//! programs ask so whether anybody is there. On a stream, 0 means the end; here it is a length like any
//! other, and needs no case of its own.

use std::io;

use kit::net::UdpSocket;

/// Sends each datagram back to whoever sent it. Returns only when the socket reports an error.
pub fn echo(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; 65_507];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if count == 0 {
            continue;
        }
        socket.send_to(&buffer[..count], sender)?;
    }
}
