//! What kind of address it is: the special-purpose registries of IANA, one table each.
//!
//! The tables follow the registries as they stood on 2025-10-09 (governed by RFC 6890, updated by
//! RFC 8190). The blocks overlap. As in a router's table, the longest prefix that fits decides, and
//! the last row, a prefix of length 0, fits every address.

use std::net::{IpAddr, Ipv4Addr};

use crate::network::{Network, Network6};
use crate::notation;

/// The kinds of address that this course tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "`word` and the tables say what each means")]
pub enum Kind {
    Public,
    Private,
    Shared,
    Loopback,
    LinkLocal,
    Multicast,
    Broadcast,
    Unspecified,
    ThisNetwork,
    Documentation,
    Benchmarking,
    Protocol,
    Anycast,
    Mapped,
    Translation,
    Transition,
    Discard,
    Deprecated,
    Reserved,
    Unassigned,
}

impl Kind {
    /// The word for the kind, as the lesson prints it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Public => "public",
            Kind::Private => "private",
            Kind::Shared => "shared",
            Kind::Loopback => "loopback",
            Kind::LinkLocal => "link-local",
            Kind::Multicast => "multicast",
            Kind::Broadcast => "broadcast",
            Kind::Unspecified => "unspecified",
            Kind::ThisNetwork => "this network",
            Kind::Documentation => "documentation",
            Kind::Benchmarking => "benchmarking",
            Kind::Protocol => "protocol assignment",
            Kind::Anycast => "anycast service",
            Kind::Mapped => "IPv4-mapped",
            Kind::Translation => "IPv4/IPv6 translation",
            Kind::Transition => "transition",
            Kind::Discard => "discard-only",
            Kind::Deprecated => "deprecated",
            Kind::Reserved => "reserved",
            Kind::Unassigned => "unassigned",
        }
    }
}

/// The column "Globally Reachable" of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Packets to it may leave the network of one organisation.
    Yes,
    /// They may not.
    No,
    /// The registry does not say, or it depends on the address.
    Unstated,
}

impl Reach {
    /// What it means, as the lesson prints it.
    pub fn sentence(self) -> &'static str {
        match self {
            Reach::Yes => "packets to it may cross the internet",
            Reach::No => "packets to it do not cross the internet",
            Reach::Unstated => "the registry does not say",
        }
    }
}

/// One row: a block of addresses and what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The block, as the registry writes it.
    pub prefix: &'static str,
    /// The kind of its addresses.
    pub kind: Kind,
    /// The registry's name for it.
    pub name: &'static str,
    /// The document that reserved it.
    pub source: &'static str,
    /// Whether its addresses are reachable from the whole internet.
    pub reach: Reach,
}

const fn row(
    prefix: &'static str,
    kind: Kind,
    name: &'static str,
    source: &'static str,
    reach: Reach,
) -> Block {
    Block {
        prefix,
        kind,
        name,
        source,
        reach,
    }
}

#[allow(clippy::enum_glob_use, reason = "the tables read like the registries")]
use Kind::*;
#[allow(clippy::enum_glob_use, reason = "the tables read like the registries")]
use Reach::*;

/// IANA IPv4 Special-Purpose Address Registry; then multicast (a registry of its own), and the rest.
#[rustfmt::skip]
pub const IPV4: &[Block] = &[
    row("0.0.0.0/8", ThisNetwork, "\"This network\"", "RFC 791 §3.2", No),
    row("0.0.0.0/32", Unspecified, "\"This host on this network\"", "RFC 1122 §3.2.1.3", No),
    row("10.0.0.0/8", Private, "Private-Use", "RFC 1918 §3", No),
    row("100.64.0.0/10", Shared, "Shared Address Space", "RFC 6598", No),
    row("127.0.0.0/8", Loopback, "Loopback", "RFC 1122 §3.2.1.3", No),
    row("169.254.0.0/16", LinkLocal, "Link Local", "RFC 3927", No),
    row("172.16.0.0/12", Private, "Private-Use", "RFC 1918 §3", No),
    row("192.0.0.0/24", Protocol, "IETF Protocol Assignments", "RFC 6890 §2.1", No),
    row("192.0.0.0/29", Protocol, "IPv4 Service Continuity Prefix", "RFC 7335", No),
    row("192.0.0.8/32", Protocol, "IPv4 dummy address", "RFC 7600", No),
    row("192.0.0.9/32", Anycast, "Port Control Protocol Anycast", "RFC 7723", Yes),
    row("192.0.0.10/32", Anycast, "Traversal Using Relays around NAT Anycast", "RFC 8155", Yes),
    // Two addresses, 192.0.0.170 and 192.0.0.171, which the registry lists side by side.
    row("192.0.0.170/31", Protocol, "NAT64/DNS64 Discovery", "RFC 8880, RFC 7050 §2.2", No),
    row("192.0.2.0/24", Documentation, "Documentation (TEST-NET-1)", "RFC 5737", No),
    row("192.31.196.0/24", Anycast, "AS112-v4", "RFC 7535", Yes),
    row("192.52.193.0/24", Anycast, "AMT", "RFC 7450", Yes),
    row("192.88.99.0/24", Deprecated, "Deprecated (6to4 Relay Anycast)", "RFC 7526", Unstated),
    row("192.88.99.2/32", Anycast, "6a44-relay anycast address", "RFC 6751", No),
    row("192.168.0.0/16", Private, "Private-Use", "RFC 1918 §3", No),
    row("192.175.48.0/24", Anycast, "Direct Delegation AS112 Service", "RFC 7534", Yes),
    row("198.18.0.0/15", Benchmarking, "Benchmarking", "RFC 2544", No),
    row("198.51.100.0/24", Documentation, "Documentation (TEST-NET-2)", "RFC 5737", No),
    row("203.0.113.0/24", Documentation, "Documentation (TEST-NET-3)", "RFC 5737", No),
    row("240.0.0.0/4", Reserved, "Reserved", "RFC 1112 §4", No),
    row("255.255.255.255/32", Broadcast, "Limited Broadcast", "RFC 8190, RFC 919 §7", No),
    // Not in the registry.
    row("224.0.0.0/4", Multicast, "Multicast", "RFC 5771", Unstated),
    row("0.0.0.0/0", Public, "in no special-purpose block", "RFC 6890", Yes),
];

/// IANA IPv6 Special-Purpose Address Registry; then what RFC 4291 itself sets apart.
#[rustfmt::skip]
pub const IPV6: &[Block] = &[
    row("::1/128", Loopback, "Loopback Address", "RFC 4291 §2.5.3", No),
    row("::/128", Unspecified, "Unspecified Address", "RFC 4291 §2.5.2", No),
    row("::ffff:0:0/96", Mapped, "IPv4-mapped Address", "RFC 4291 §2.5.5.2", No),
    row("64:ff9b::/96", Translation, "IPv4-IPv6 Translat.", "RFC 6052", Yes),
    row("64:ff9b:1::/48", Translation, "IPv4-IPv6 Translat.", "RFC 8215", No),
    row("100::/64", Discard, "Discard-Only Address Block", "RFC 6666", No),
    row("100:0:0:1::/64", Protocol, "Dummy IPv6 Prefix", "RFC 9780", No),
    row("2001::/23", Protocol, "IETF Protocol Assignments", "RFC 2928", No),
    row("2001::/32", Transition, "TEREDO", "RFC 4380, RFC 8190", Unstated),
    row("2001:1::1/128", Anycast, "Port Control Protocol Anycast", "RFC 7723", Yes),
    row("2001:1::2/128", Anycast, "Traversal Using Relays around NAT Anycast", "RFC 8155", Yes),
    row("2001:1::3/128", Anycast, "DNS-SD Service Registration Protocol Anycast", "RFC 9665", Yes),
    row("2001:2::/48", Benchmarking, "Benchmarking", "RFC 5180", No),
    row("2001:3::/32", Anycast, "AMT", "RFC 7450", Yes),
    row("2001:4:112::/48", Anycast, "AS112-v6", "RFC 7535", Yes),
    row("2001:10::/28", Deprecated, "Deprecated (previously ORCHID)", "RFC 4843", Unstated),
    row("2001:20::/28", Protocol, "ORCHIDv2", "RFC 7343", Yes),
    row("2001:30::/28", Protocol, "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "RFC 9374", Yes),
    row("2001:db8::/32", Documentation, "Documentation", "RFC 3849", No),
    row("2002::/16", Transition, "6to4", "RFC 3056", Unstated),
    row("2620:4f:8000::/48", Anycast, "Direct Delegation AS112 Service", "RFC 7534", Yes),
    row("3fff::/20", Documentation, "Documentation", "RFC 9637", No),
    row("5f00::/16", Protocol, "Segment Routing (SRv6) SIDs", "RFC 9602", No),
    row("fc00::/7", Private, "Unique-Local", "RFC 4193, RFC 8190", No),
    row("fe80::/10", LinkLocal, "Link-Local Unicast", "RFC 4291 §2.5.6", No),
    // Not in the registry.
    row("ff00::/8", Multicast, "Multicast", "RFC 4291 §2.7", Unstated),
    row("fec0::/10", Deprecated, "Site-Local Unicast, deprecated", "RFC 3879", No),
    row("2000::/3", Public, "Global Unicast, in no special-purpose block", "RFC 4291 §2.5.4", Yes),
    row("::/0", Unassigned, "outside the block in use for global unicast", "RFC 4291 §2.4", No),
];

// ANCHOR: of
/// The block that says what an address is for: of all that hold it, the one with
/// the longest prefix.
pub fn of(address: IpAddr) -> Block {
    let table = if address.is_ipv4() { IPV4 } else { IPV6 };
    let mut best = (table[table.len() - 1], 0);
    for block in table {
        if let Some(prefix) = holds(block, address)
            && prefix > best.1
        {
            best = (*block, prefix);
        }
    }
    best.0
}

/// The prefix length of the block, if the address is in it.
fn holds(block: &Block, address: IpAddr) -> Option<u8> {
    let given = notation::read(block.prefix.as_bytes(), false).ok()?;
    let prefix = given.prefix?;
    let same_network = match (given.address, address) {
        (IpAddr::V4(block), IpAddr::V4(address)) => Network { address, prefix }.lowest() == block,
        (IpAddr::V6(block), IpAddr::V6(address)) => Network6 { address, prefix }.lowest() == block,
        _ => false,
    };
    same_network.then_some(prefix)
}
// ANCHOR_END: of

/// The IPv4 address inside an IPv6 address: IPv4-mapped (RFC 4291 §2.5.5.2), or translated with the
/// well-known prefix (RFC 6052 §2.1).
pub fn embedded_ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else {
        return None;
    };
    match of(address.into()).prefix {
        "::ffff:0:0/96" | "64:ff9b::/96" => {
            let [.., a, b, c, d] = address.octets();
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_row_is_the_first_address_of_its_block_and_finds_itself() {
        for block in IPV4.iter().chain(IPV6) {
            let given = notation::read(block.prefix.as_bytes(), false).unwrap();
            assert_eq!(
                holds(block, given.address),
                given.prefix,
                "{}",
                block.prefix
            );
            // Two rows begin with the same address only if one has a longer prefix.
            let found = of(given.address);
            let longest = notation::read(found.prefix.as_bytes(), false)
                .unwrap()
                .prefix;
            assert!(
                found == *block || longest > given.prefix,
                "{}",
                block.prefix
            );
        }
    }

    #[test]
    fn the_longest_prefix_decides() {
        for (address, word, source) in [
            ("100.4.5.6", "public", "RFC 6890"),
            ("10.0.0.1", "private", "RFC 1918 §3"),
            ("172.31.255.255", "private", "RFC 1918 §3"),
            ("172.32.0.0", "public", "RFC 6890"),
            ("100.127.255.255", "shared", "RFC 6598"),
            ("100.128.0.0", "public", "RFC 6890"),
            ("192.0.0.9", "anycast service", "RFC 7723"),
            ("192.0.0.11", "protocol assignment", "RFC 6890 §2.1"),
            ("0.0.0.0", "unspecified", "RFC 1122 §3.2.1.3"),
            ("0.1.2.3", "this network", "RFC 791 §3.2"),
            ("255.255.255.254", "reserved", "RFC 1112 §4"),
            ("255.255.255.255", "broadcast", "RFC 8190, RFC 919 §7"),
            ("239.255.255.250", "multicast", "RFC 5771"),
            ("2001:db8::1", "documentation", "RFC 3849"),
            ("2606:4700::1111", "public", "RFC 4291 §2.5.4"),
            ("::ffff:10.0.0.1", "IPv4-mapped", "RFC 4291 §2.5.5.2"),
            ("fd00::1", "private", "RFC 4193, RFC 8190"),
            ("4000::", "unassigned", "RFC 4291 §2.4"),
        ] {
            let block = of(address.parse().unwrap());
            assert_eq!(
                (block.kind.word(), block.source),
                (word, source),
                "{address}"
            );
        }
        let embedded = |text: &str| embedded_ipv4(text.parse().unwrap());
        assert_eq!(
            embedded("::ffff:10.0.0.1"),
            Some(Ipv4Addr::new(10, 0, 0, 1))
        );
        assert_eq!(embedded("64:ff9b::a00:1"), Some(Ipv4Addr::new(10, 0, 0, 1)));
        assert_eq!(embedded("::1"), None);
    }

    // A random address is nearly always public. These begin with the start or the end of a row.
    fn near_a_row(row: usize, bits: u32) -> Ipv4Addr {
        let given = notation::read(IPV4[row % IPV4.len()].prefix.as_bytes(), false).unwrap();
        let IpAddr::V4(first) = given.address else {
            unreachable!("a row of the IPv4 table")
        };
        let network = Network {
            address: first,
            prefix: given.prefix.unwrap(),
        };
        let edge = if bits & 1 == 0 {
            network.lowest()
        } else {
            network.highest()
        };
        Ipv4Addr::from(
            u32::from(edge)
                .wrapping_add((bits >> 1) % 5)
                .wrapping_sub(2),
        )
    }

    proptest! {
        #[test]
        fn ipv4_agrees_with_the_standard_library(row: usize, bits: u32, near: bool) {
            let address = if near { near_a_row(row, bits) } else { bits.into() };
            let kind = of(address.into()).kind;
            prop_assert_eq!(kind == Private, address.is_private(), "{}", address);
            prop_assert_eq!(kind == Loopback, address.is_loopback(), "{}", address);
            prop_assert_eq!(kind == LinkLocal, address.is_link_local(), "{}", address);
            prop_assert_eq!(kind == Multicast, address.is_multicast(), "{}", address);
            prop_assert_eq!(kind == Broadcast, address.is_broadcast(), "{}", address);
            prop_assert_eq!(kind == Documentation, address.is_documentation(), "{}", address);
            prop_assert_eq!(kind == Unspecified, address.is_unspecified(), "{}", address);
        }

        #[test]
        fn ipv6_agrees_with_the_standard_library(
            bits: u128, first in proptest::sample::select(vec![0_u16, 0xFD00, 0xFC01, 0xFE80, 0xFEBF, 0xFEC0, 0xFF02, 0x2001]),
            low: bool,
        ) {
            let bits = bits >> 16 | u128::from(first) << 112;
            let address = Ipv6Addr::from(if low { bits & 3 } else { bits });
            let kind = of(address.into()).kind;
            prop_assert_eq!(kind == Loopback, address.is_loopback(), "{}", address);
            prop_assert_eq!(kind == Unspecified, address.is_unspecified(), "{}", address);
            prop_assert_eq!(kind == Multicast, address.is_multicast(), "{}", address);
            prop_assert_eq!(kind == Private, address.is_unique_local(), "{}", address);
            prop_assert_eq!(kind == LinkLocal, address.is_unicast_link_local(), "{}", address);
        }
    }
}
