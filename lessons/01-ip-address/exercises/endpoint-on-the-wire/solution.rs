//! Six octets on the wire.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use kit::net::UdpSocket;

/// Tells the registry where this program is reached, in one datagram.
pub fn announce(socket: &UdpSocket, registry: SocketAddr, own: SocketAddrV4) -> io::Result<()> {
    socket.send_to(&to_octets(own), registry)?;
    Ok(())
}

/// The endpoint as it goes on the wire: four octets of the address, two of the port, each in network
/// byte order.
pub fn to_octets(endpoint: SocketAddrV4) -> Vec<u8> {
    let mut octets = endpoint.ip().octets().to_vec();
    octets.extend(endpoint.port().to_be_bytes());
    octets
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    let [a, b, c, d, high, low] = *octets else {
        return None;
    };
    let port = u16::from_be_bytes([high, low]);
    Some(SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port))
}
