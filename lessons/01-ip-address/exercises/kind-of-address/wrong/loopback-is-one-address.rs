//! The loopback address is 127.0.0.1.
//!
//! It is the one that everybody uses, out of 16,777,216: all of 127.0.0.0/8 stays on this machine. A filter
//! that knows only 127.0.0.1 takes your own machine for a stranger at 127.0.0.2.

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
    if address == Ipv4Addr::LOCALHOST {
        Kind::Loopback
    } else if address == Ipv4Addr::UNSPECIFIED {
        Kind::ThisHost
    } else if address.is_private() {
        Kind::Private
    } else if a == 100 && b & 0b1100_0000 == 64 {
        Kind::Shared
    } else if address.is_link_local() {
        Kind::LinkLocal
    } else if address.is_multicast() {
        Kind::Multicast
    } else {
        Kind::Other
    }
}
