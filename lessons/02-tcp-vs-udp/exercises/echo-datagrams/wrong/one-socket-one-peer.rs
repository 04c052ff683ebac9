//! A socket talks to one peer.
//!
//! A TCP stream does. A UDP socket receives from everybody, and each datagram has its own sender. After
//! `connect` the kernel throws away what others send, and an address that you have kept belongs to one
//! client only. Ask `recv_from` anew who sent it, each time.

use std::io;

use kit::net::UdpSocket;

/// Sends each datagram back to whoever sent it. Returns only when the socket reports an error.
pub fn echo(socket: &UdpSocket) -> io::Result<()> {
    let mut buffer = vec![0; 65_507];
    let (count, client) = socket.recv_from(&mut buffer)?;
    socket.connect(client)?;
    socket.send(&buffer[..count])?;
    loop {
        let count = socket.recv(&mut buffer)?;
        socket.send(&buffer[..count])?;
    }
}
