//! Only a /31 is a special case.
//!
//! A /32 is one address, and that is a host: first and last are the same. There is no room in it for a
//! network address and a broadcast address either. Treat 31 and 32 alike: first and last are the lowest
//! and the highest address.

use std::net::Ipv4Addr;

/// The addresses of a network that hosts may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// The first of them.
    pub first: Ipv4Addr,
    /// The last of them.
    pub last: Ipv4Addr,
    /// How many there are.
    pub count: u64,
}

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
fn mask(prefix: u8) -> u32 {
    // A shift by 32 would panic: /0 has no ones at all.
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

/// The hosts of the network that `address` is in. `prefix` is its prefix length, 0 to 32.
pub fn hosts(address: Ipv4Addr, prefix: u8) -> Hosts {
    let mask = mask(prefix);
    let lowest = u32::from(address) & mask;
    let highest = lowest | !mask;
    // A /31 and a /32 have no room for a network address and a broadcast address.
    let reserved = u32::from(prefix != 31);
    let (first, last) = (lowest + reserved, highest - reserved);
    Hosts {
        first: Ipv4Addr::from(first),
        last: Ipv4Addr::from(last),
        count: u64::from(last) - u64::from(first) + 1,
    }
}
