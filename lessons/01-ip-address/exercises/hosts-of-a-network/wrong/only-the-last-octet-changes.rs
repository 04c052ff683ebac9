//! In a network, only the last octet changes.
//!
//! In a /24 and all that are smaller, yes. A /20 has 12 host bits: the last octet, and four bits of the
//! one before it. 10.4.5.6/20 goes from 10.4.0.0 to 10.4.15.255. Do not work octet by octet: AND and OR on
//! the 32 bits know no dots.

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
    let size = 1_u64 << (32 - prefix);
    let [a, b, c, d] = address.octets();
    let [.., mask] = mask(prefix).to_be_bytes();
    let reserved = u8::from(prefix <= 30);
    let first = (d & mask) + reserved;
    let last = (d | !mask) - reserved;
    Hosts {
        first: Ipv4Addr::new(a, b, c, first),
        last: Ipv4Addr::new(a, b, c, last),
        count: size - 2 * u64::from(reserved),
    }
}
