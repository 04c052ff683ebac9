//! A network of 256 addresses has 256 hosts.
//!
//! The lowest address names the network, and what is sent to the highest one goes to all hosts: it is the
//! broadcast address. Neither is given to a host, so 256 addresses are 254 hosts. Only /31 and /32, which
//! have no room for the two, use every address.

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
        first: Ipv4Addr::from(lowest),
        last: Ipv4Addr::from(highest),
        count: 1 << (32 - prefix),
    }
}
