//! What is not public is private.
//!
//! 100.64.0.0/10 is not reachable from the whole internet, and it is no private block either: you may not use
//! it in your own network, because your provider uses it between itself and you. If both used it, the same
//! address would mean two machines. It is `Shared`.

use std::net::Ipv4Addr;

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// This machine: 127.0.0.0/8.
    Loopback,
    /// A private network: 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16.
    Private,
    /// Shared between a provider and its customers: 100.64.0.0/10.
    Shared,
    /// One link without a router: 169.254.0.0/16.
    LinkLocal,
    /// A group: 224.0.0.0/4.
    Multicast,
    /// 0.0.0.0 alone: to bind to, no destination.
    ThisHost,
    /// All others.
    Other,
}

/// The kind of an address.
pub fn kind(address: Ipv4Addr) -> Kind {
    let block = |first: [u8; 4], prefix: u32| {
        let mask = u32::MAX << (32 - prefix);
        u32::from(address) & mask == u32::from_be_bytes(first)
    };
    if block([127, 0, 0, 0], 8) {
        Kind::Loopback
    } else if block([10, 0, 0, 0], 8)
        || block([172, 16, 0, 0], 12)
        || block([192, 168, 0, 0], 16)
        || block([100, 64, 0, 0], 10)
    {
        Kind::Private
    } else if block([169, 254, 0, 0], 16) {
        Kind::LinkLocal
    } else if block([224, 0, 0, 0], 4) {
        Kind::Multicast
    } else if block([0, 0, 0, 0], 32) {
        Kind::ThisHost
    } else {
        Kind::Other
    }
}
