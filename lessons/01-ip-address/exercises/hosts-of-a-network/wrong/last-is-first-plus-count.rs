//! The last one is the first one and the number added.
//!
//! Count with your fingers: three addresses from .1 on are .1, .2 and .3, and 1 + 3 is 4. From the first to
//! the last there is one step less than there are addresses. The address that you name in place of the
//! last host is the broadcast address.

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
    let reserved = u64::from(prefix <= 30);
    let first = u64::from(lowest) + reserved;
    let count = u64::from(highest) - u64::from(lowest) + 1 - 2 * reserved;
    Hosts {
        first: Ipv4Addr::from(first as u32),
        last: Ipv4Addr::from((first + count) as u32),
        count,
    }
}
