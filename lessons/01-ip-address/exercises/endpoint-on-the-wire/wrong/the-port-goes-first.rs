//! The port goes first.
//!
//! In the structure `sockaddr_in` of C it does, and elsewhere it does not. Neither order is the natural
//! one: what counts is what the two programs have agreed on, and the other one takes the first four
//! octets for the address. Write the address, then the port, and read them in the same order.

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
    [&endpoint.port().to_be_bytes()[..], &endpoint.ip().octets()].concat()
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    let [high, low, a, b, c, d] = *octets else {
        return None;
    };
    let port = u16::from_be_bytes([high, low]);
    Some(SocketAddrV4::new(Ipv4Addr::new(a, b, c, d), port))
}
