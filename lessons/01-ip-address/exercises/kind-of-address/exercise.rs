//! What kind of address is it? The task is in `task.md`.

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
    // The addresses that everybody has seen. What about their neighbours?
    match address.octets() {
        [127, 0, 0, 1] => Kind::Loopback,
        [192, 168, 1, _] => Kind::Private,
        [0, 0, 0, 0] => Kind::ThisHost,
        _ => Kind::Other,
    }
}
