//! The first octet says what an address is.
//!
//! Of 172.x.x.x only a sixteenth is private, and of 100.x.x.x a quarter is shared: 100.4.5.6 is a public
//! address, and you would trust whoever comes from it. The number after the slash says how many bits
//! decide. Where it is more than 8, look at the second octet too.

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
    match address.octets()[0] {
        127 => Kind::Loopback,
        10 | 172 | 192 => Kind::Private,
        100 => Kind::Shared,
        169 => Kind::LinkLocal,
        224..=239 => Kind::Multicast,
        0 if address.is_unspecified() => Kind::ThisHost,
        _ => Kind::Other,
    }
}
