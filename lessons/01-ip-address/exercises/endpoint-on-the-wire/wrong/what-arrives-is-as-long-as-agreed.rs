//! What arrives is as long as we agreed.
//!
//! The agreement binds those who know it. A port scanner, an older version, a program that has mistaken
//! the port: anybody may send you a datagram of any length, and an index behind its end panics. Look at
//! the length before you look at the octets.

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
    octets.extend_from_slice(&endpoint.port().to_be_bytes());
    octets
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    let address = Ipv4Addr::new(octets[0], octets[1], octets[2], octets[3]);
    let port = u16::from_be_bytes([octets[4], octets[5]]);
    Some(SocketAddrV4::new(address, port))
}
