//! Two addresses of each network are not for hosts.
//!
//! A /31 has two addresses, and would have no host at all; a /32 would have less than none. A link between
//! two routers needs no broadcast, so both addresses of a /31 are hosts (RFC 3021). A /32 is one host.
//! Give these two a case of their own.

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
    Hosts {
        first: Ipv4Addr::from(lowest + 1),
        last: Ipv4Addr::from(highest - 1),
        count: (1_u64 << (32 - prefix)) - 2,
    }
}
