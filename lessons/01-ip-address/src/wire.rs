//! Where an address stands in a packet.
//!
//! A header is not text. The address travels as 4 octets (16 for IPv6), the most significant octet
//! first: *network byte order* (RFC 791 Appendix B). The order in which a processor keeps a number
//! in memory, *host order*, may be the other way round.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// The address fields of a header, as octets counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The fixed part of the header, in octets.
    pub header: usize,
    /// Who sent the packet.
    pub source: Range<usize>,
    /// Whom it is for.
    pub destination: Range<usize>,
}

// ANCHOR: fields
/// RFC 791 §3.1.
pub const IPV4: Fields = Fields {
    header: 20,
    source: 12..16,
    destination: 16..20,
};

/// RFC 8200 §3.
pub const IPV6: Fields = Fields {
    header: 40,
    source: 8..24,
    destination: 24..40,
};

/// The source and destination address of a packet. `None` if it is shorter than its
/// header, or neither IPv4 nor IPv6.
pub fn addresses(packet: &[u8]) -> Option<(IpAddr, IpAddr)> {
    // The first four bits of every IP packet are the version.
    match packet.first()? >> 4 {
        4 => Some((
            ipv4_at(packet, IPV4.source)?,
            ipv4_at(packet, IPV4.destination)?,
        )),
        6 => Some((
            ipv6_at(packet, IPV6.source)?,
            ipv6_at(packet, IPV6.destination)?,
        )),
        _ => None,
    }
}

fn ipv4_at(packet: &[u8], field: Range<usize>) -> Option<IpAddr> {
    let octets: [u8; 4] = packet.get(field)?.try_into().ok()?;
    Some(Ipv4Addr::from_bits(u32::from_be_bytes(octets)).into())
}

fn ipv6_at(packet: &[u8], field: Range<usize>) -> Option<IpAddr> {
    let octets: [u8; 16] = packet.get(field)?.try_into().ok()?;
    Some(Ipv6Addr::from_bits(u128::from_be_bytes(octets)).into())
}
// ANCHOR_END: fields

// ANCHOR: captured
/// An IPv4 packet as it crossed a loopback interface: the UDP datagram `hi`, sent
/// from 127.0.0.1 to 127.4.5.6. It was recorded with `tshark -i lo -x`.
#[rustfmt::skip]
pub const CAPTURED: [u8; 30] = [
    0x45, 0x00, 0x00, 0x1e, // version and header length, service, total length
    0x1a, 0xa3, 0x40, 0x00, // identification, flags and fragment offset
    0x40, 0x11, 0x1d, 0x21, // time to live, protocol 17 (UDP), header checksum
    0x7f, 0x00, 0x00, 0x01, // source address
    0x7f, 0x04, 0x05, 0x06, // destination address
    0xae, 0x1a, 0x9c, 0x3f, // UDP: source port, destination port
    0x00, 0x0a, 0x03, 0x27, // UDP: length, checksum
    0x68, 0x69,             // h i
];
// ANCHOR_END: captured

// ANCHOR: orders
/// The octets of an address as the header carries them.
pub fn network_order(address: Ipv4Addr) -> [u8; 4] {
    u32::from(address).to_be_bytes()
}

/// The octets of the same number as this machine's memory holds them.
pub fn host_order(address: Ipv4Addr) -> [u8; 4] {
    u32::from(address).to_ne_bytes()
}
// ANCHOR_END: orders

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_stand_in_a_packet_that_was_captured() {
        let (source, destination) = addresses(&CAPTURED).unwrap();
        assert_eq!(source, Ipv4Addr::LOCALHOST);
        assert_eq!(destination, Ipv4Addr::new(127, 4, 5, 6));
        assert_eq!(
            CAPTURED[IPV4.destination],
            network_order(Ipv4Addr::new(127, 4, 5, 6))
        );
    }

    // The IPv6 header of the same datagram, sent from ::1 to ::1 and captured in the same way.
    #[test]
    fn the_addresses_stand_in_an_ipv6_header_that_was_captured() {
        let mut header = [0; 40];
        header[..8].copy_from_slice(&[0x60, 0x03, 0xa9, 0x41, 0x00, 0x0a, 0x11, 0x40]);
        header[23] = 1;
        header[39] = 1;
        let loopback = IpAddr::from(Ipv6Addr::LOCALHOST);
        assert_eq!(addresses(&header), Some((loopback, loopback)));
    }

    #[test]
    fn what_is_no_packet_has_no_addresses() {
        assert_eq!(addresses(&[]), None);
        assert_eq!(addresses(&[0x45; 19]), None);
        assert_eq!(addresses(&[0x60; 39]), None);
        assert_eq!(addresses(&[0x00; 40]), None);
    }

    #[test]
    fn network_order_is_the_order_of_the_dots() {
        let address = Ipv4Addr::new(100, 4, 5, 6);
        assert_eq!(network_order(address), [0x64, 0x04, 0x05, 0x06]);
        assert_eq!(network_order(address), address.octets());
        let swapped = [0x06, 0x05, 0x04, 0x64];
        let here = if cfg!(target_endian = "little") {
            swapped
        } else {
            address.octets()
        };
        assert_eq!(host_order(address), here);
    }
}
