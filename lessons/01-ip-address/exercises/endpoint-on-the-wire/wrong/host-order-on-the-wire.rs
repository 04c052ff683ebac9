//! Numbers go on the wire as they stand in memory.
//!
//! Memory has the order of your processor, and most of today's keep the least significant octet first.
//! The wire has one order for all: the most significant octet first. Your own two functions agree with
//! each other, and nobody else agrees with them. Say which order you mean: `to_be_bytes` and
//! `from_be_bytes`.

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
    let mut octets = Vec::new();
    octets.extend(u32::from(*endpoint.ip()).to_ne_bytes());
    octets.extend(endpoint.port().to_ne_bytes());
    octets
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    if octets.len() != 6 {
        return None;
    }
    let address = u32::from_ne_bytes([octets[0], octets[1], octets[2], octets[3]]);
    let port = u16::from_ne_bytes([octets[4], octets[5]]);
    Some(SocketAddrV4::new(Ipv4Addr::from(address), port))
}
