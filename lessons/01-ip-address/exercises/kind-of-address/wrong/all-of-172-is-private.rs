//! Addresses that begin with 10, 172 or 192 are private.
//!
//! Of these, only 10 is private as a whole. Of 172 it is a sixteenth, 172.16 to 172.31, and of 192 only
//! 192.168: the rest belongs to strangers, and you would trust them. The number after the slash says how many
//! bits decide. Where it is more than 8, look at the second octet too.

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
    match address.octets() {
        [0, 0, 0, 0] => Kind::ThisHost,
        [10 | 172 | 192, ..] => Kind::Private,
        [100, 64..=127, ..] => Kind::Shared,
        [127, ..] => Kind::Loopback,
        [169, 254, ..] => Kind::LinkLocal,
        [224..=239, ..] => Kind::Multicast,
        _ => Kind::Other,
    }
}
