//! Addresses whose text begins alike are in one network.
//!
//! `10` begins the text of 10.4.5.6, and of 100.4.5.6 and 101.1.1.1 too. Text compares digits, and the block
//! is made of bits. Take the octets, and compare numbers.

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
    let text = address.to_string();
    let second = address.octets()[1];
    if text == "0.0.0.0" {
        Kind::ThisHost
    } else if text.starts_with("100.") && (64..128).contains(&second) {
        Kind::Shared
    } else if text.starts_with("127") {
        Kind::Loopback
    } else if text.starts_with("10") || text.starts_with("192.168") {
        Kind::Private
    } else if text.starts_with("172.") && (16..32).contains(&second) {
        Kind::Private
    } else if text.starts_with("169.254") {
        Kind::LinkLocal
    } else if (224..240).contains(&address.octets()[0]) {
        Kind::Multicast
    } else {
        Kind::Other
    }
}
