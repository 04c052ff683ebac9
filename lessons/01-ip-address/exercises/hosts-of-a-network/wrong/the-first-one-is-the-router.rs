//! The first address is the router's.
//!
//! In many networks the router has it, by habit. No rule says so: it may have any address of the
//! network, or there may be none. For the network a router is a host like any other, and its address is
//! one of those that you may give. Only the lowest and the highest address are taken.

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
    let lowest = u32::from(address) & mask(prefix);
    let highest = lowest | !mask(prefix);
    let (first, last) = match prefix {
        31.. => (lowest, highest),
        _ => (lowest + 2, highest - 1),
    };
    Hosts {
        first: Ipv4Addr::from(first),
        last: Ipv4Addr::from(last),
        count: u64::from(last - first) + 1,
    }
}
