//! Send each datagram back.

use std::io;

use kit::net::UdpSocket;

/// Sends each datagram back to whoever sent it. Returns only when the socket reports an error.
pub fn echo(socket: &UdpSocket) -> io::Result<()> {
    // The largest that IPv4 can carry: 65,535 - 20 for its own header - 8 for that of UDP.
    let mut buffer = vec![0; 65_507];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..count], sender)?;
    }
}
