//! A datagram of 0 octets is the end.
//!
//! On a stream, a read of 0 octets is the end. UDP has no connection and so no end: a datagram of 0
//! octets is a datagram like any other, with a sender and a header of its own. Answer it, and go on.

use std::io;

use kit::net::UdpSocket;

/// Sends each datagram back to whoever sent it. Returns only when the socket reports an error.
pub fn echo(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; 65_507];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        socket.send_to(&buffer[..count], sender)?;
    }
}
