//! What crosses the wire is the text that I type.
//!
//! `100.4.5.6:4660` is 14 characters for people. The other side waits for six octets and takes the first
//! four for an address: `1`, `0`, `0` and `.` are 49.48.48.46. A header has no dots and no digits. Send the
//! four octets of the address, then the two of the port.

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
    let text = format!("{}:{}", endpoint.ip(), endpoint.port());
    text.as_bytes().to_vec()
}

/// The endpoint that six octets stand for. `None` if there are more or fewer of them.
pub fn from_octets(octets: &[u8]) -> Option<SocketAddrV4> {
    let text = String::from_utf8(octets.to_vec()).ok()?;
    let (address, port) = text.split_once(':')?;
    let address: Ipv4Addr = address.parse().ok()?;
    Some(SocketAddrV4::new(address, port.parse().ok()?))
}
