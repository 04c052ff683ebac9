//! What does not fit into the buffer comes with the next receive.
//!
//! On a stream it does. A datagram that is larger than your buffer loses its tail, and on Linux and macOS
//! no call tells you so. Receive into a buffer as large as the largest datagram that may come.

use std::io;

use kit::net::UdpSocket;

/// Sends each datagram back to whoever sent it. Returns only when the socket reports an error.
pub fn echo(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..count], sender)?;
    }
}
