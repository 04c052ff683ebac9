//! In one network, or not?

use std::net::Ipv4Addr;

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
pub fn mask(prefix: u8) -> Ipv4Addr {
    // A shift by 32 is no shift for Rust: /0 has no ones at all.
    let ones = u32::MAX.checked_shl(32 - u32::from(prefix));
    Ipv4Addr::from(ones.unwrap_or(0))
}

/// Are the first `prefix` bits of the two addresses the same? `prefix` is 0 to 32.
pub fn same_network(one: Ipv4Addr, other: Ipv4Addr, prefix: u8) -> bool {
    let mask = u32::from(mask(prefix));
    u32::from(one) & mask == u32::from(other) & mask
}
