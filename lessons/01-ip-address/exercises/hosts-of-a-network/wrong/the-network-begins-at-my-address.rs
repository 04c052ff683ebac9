//! The network begins at the address that I was given.
//!
//! 192.168.1.70/24 is an address *in* a network: the network goes from 192.168.1.0 to 192.168.1.255,
//! whichever of its addresses you name. Clear the host bits first, with AND and the mask. Then count from
//! there.

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
    let mine = u32::from(address);
    let highest = mine | !mask(prefix);
    let (first, last) = match prefix {
        31 | 32 => (mine, highest),
        _ => (mine + 1, highest - 1),
    };
    Hosts {
        first: Ipv4Addr::from(first),
        last: Ipv4Addr::from(last),
        count: u64::from(last) - u64::from(first) + 1,
    }
}
