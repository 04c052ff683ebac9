//! The number after the slash says how far to shift.
//!
//! It counts the network bits, the ones of the mask. What you shift by is the number of zeros that follow
//! them, the host bits: 32 minus the prefix length. With /24 you get 255.0.0.0 otherwise, a network of 16
//! million addresses.

use std::net::Ipv4Addr;

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
pub fn mask(prefix: u8) -> Ipv4Addr {
    Ipv4Addr::from(u32::MAX << prefix)
}

/// Are the first `prefix` bits of the two addresses the same? `prefix` is 0 to 32.
pub fn same_network(one: Ipv4Addr, other: Ipv4Addr, prefix: u8) -> bool {
    let mask = u32::from(mask(prefix));
    u32::from(one) & mask == u32::from(other) & mask
}
