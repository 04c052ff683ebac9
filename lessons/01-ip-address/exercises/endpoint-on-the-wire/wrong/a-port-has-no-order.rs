//! Only an address has an order of octets; a port is only a number.
//!
//! `octets()` gave you the address in network byte order, so it looks as if that were the order of all. A
//! port is a number of two octets, and has an order too: 4660 is 0x1234, so 0x12 goes first and 0x34
//! second. Turned round it is port 13330, where nobody listens.

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
    let [a, b, c, d] = endpoint.ip().octets();
    let port = endpoint.port();
    vec![a, b, c, d, (port & 0xff) as u8, (port >> 8) as u8]
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    if octets.len() != 6 {
        return None;
    }
    let address = Ipv4Addr::new(octets[0], octets[1], octets[2], octets[3]);
    let port = u16::from(octets[4]) + u16::from(octets[5]) * 256;
    Some(SocketAddrV4::new(address, port))
}
