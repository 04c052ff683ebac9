//! A network ends at a dot.
//!
//! You read 172.16.0.0/12 as 172.16.x.x. Twelve bits are the first octet and half of the second: four of its
//! bits are free, so it goes from 16 to 31. In the same way 100.64.0.0/10 goes on to 100.127.255.255, and
//! 224.0.0.0/4 to 239.255.255.255.

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
    let [a, b, ..] = address.octets();
    match (a, b) {
        (127, _) => Kind::Loopback,
        (10, _) | (172, 16) | (192, 168) => Kind::Private,
        (100, 64) => Kind::Shared,
        (169, 254) => Kind::LinkLocal,
        (224, _) => Kind::Multicast,
        _ if address.is_unspecified() => Kind::ThisHost,
        _ => Kind::Other,
    }
}
