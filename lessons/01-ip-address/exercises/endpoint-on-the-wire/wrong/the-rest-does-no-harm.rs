//! What stands behind the part that I need does no harm.
//!
//! Your code refuses what is too short, and takes the first six octets of what is too long. Then it is
//! no endpoint that you read, but the beginning of something else: a newer version, another protocol,
//! an attack. Ask whether there are exactly six.

use std::io;
use std::net::{SocketAddr, SocketAddrV4};

use kit::net::UdpSocket;

/// Tells the registry where this program is reached, in one datagram.
pub fn announce(socket: &UdpSocket, registry: SocketAddr, own: SocketAddrV4) -> io::Result<()> {
    socket.send_to(&to_octets(own), registry)?;
    Ok(())
}

use std::net::Ipv4Addr;

/// The endpoint as it goes on the wire: four octets of the address, two of the port, each in network
/// byte order.
pub fn to_octets(endpoint: SocketAddrV4) -> Vec<u8> {
    [&endpoint.ip().octets()[..], &endpoint.port().to_be_bytes()].concat()
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    let [a, b, c, d, high, low, ..] = *octets else {
        return None;
    };
    let port = u16::from_be_bytes([high, low]);
    Some(SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port))
}
