//! If the octets in front are the same, the network is the same.
//!
//! Your mask is right, and you do not use it: you compare whole octets. A prefix of 26 bits is three octets
//! and two bits more, and these two tell 192.168.1.70 from 192.168.1.130. AND both addresses with the mask
//! and compare what is left.

use std::net::Ipv4Addr;

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
pub fn mask(prefix: u8) -> Ipv4Addr {
    let ones = u32::MAX.checked_shl(32 - u32::from(prefix));
    Ipv4Addr::from(ones.unwrap_or(0))
}

/// Are the first `prefix` bits of the two addresses the same? `prefix` is 0 to 32.
pub fn same_network(one: Ipv4Addr, other: Ipv4Addr, prefix: u8) -> bool {
    let whole = usize::from(prefix / 8);
    let pairs = one.octets().into_iter().zip(other.octets());
    pairs.take(whole).all(|(one, other)| one == other)
}
