//! Addresses have 32 bits, so a number of 32 bits can count them.
//!
//! It can name each of them, from 0 to 4,294,967,295. These are 4,294,967,296, one more than fits into a
//! `u32`, and Rust panics. Count in `u64` from the beginning; converting the result at the end is too late.

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
    let size = 2_u32.pow(32 - u32::from(prefix));
    let (first, last, count) = match prefix {
        31 | 32 => (lowest, highest, size),
        _ => (lowest + 1, highest - 1, size - 2),
    };
    Hosts {
        first: Ipv4Addr::from(first),
        last: Ipv4Addr::from(last),
        count: u64::from(count),
    }
}
