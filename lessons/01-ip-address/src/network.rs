//! A network is the addresses that share their first bits: CIDR, RFC 4632 §3.1.

use std::net::{Ipv4Addr, Ipv6Addr};

// ANCHOR: network
/// An IPv4 address and the number of its bits that name the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Any address of the network.
    pub address: Ipv4Addr,
    /// The prefix length: 0 to 32 bits.
    pub prefix: u8,
}

impl Network {
    /// The mask: a 1 for every network bit, a 0 for every host bit.
    pub fn mask(self) -> Ipv4Addr {
        // Shifting 32 bits by 32 is an overflow, so /0 needs a case of its own.
        let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix));
        Ipv4Addr::from(mask.unwrap_or(0))
    }

    /// The wildcard: the mask turned round, as access lists of routers write it.
    pub fn wildcard(self) -> Ipv4Addr {
        !self.mask()
    }

    /// The lowest address: every host bit is 0.
    pub fn lowest(self) -> Ipv4Addr {
        self.address & self.mask()
    }

    /// The highest address: every host bit is 1.
    pub fn highest(self) -> Ipv4Addr {
        self.address | self.wildcard()
    }

    // ANCHOR_END: network

    /// The highest address is the broadcast address of the network (RFC 1122 §3.2.1.3), except
    /// where there is no room for one: /31 joins two hosts (RFC 3021), /32 is one host.
    pub fn broadcast(self) -> Option<Ipv4Addr> {
        (self.prefix <= 30).then(|| self.highest())
    }

    /// Why there is no broadcast address, as the lesson prints it. `None` if there is one.
    pub fn why_no_broadcast(self) -> Option<&'static str> {
        match self.prefix {
            32 => Some("a /32 is one host"),
            31 => Some("a /31 joins two hosts (RFC 3021)"),
            _ => None,
        }
    }

    /// The first address that a host may have.
    pub fn first_host(self) -> Ipv4Addr {
        let reserved = u32::from(self.broadcast().is_some());
        Ipv4Addr::from(u32::from(self.lowest()) + reserved)
    }

    /// The last address that a host may have.
    pub fn last_host(self) -> Ipv4Addr {
        let reserved = u32::from(self.broadcast().is_some());
        Ipv4Addr::from(u32::from(self.highest()) - reserved)
    }

    /// How many hosts may have an address in the network.
    pub fn hosts(self) -> u64 {
        let addresses = 1_u64 << (32 - self.prefix);
        if self.broadcast().is_some() {
            addresses - 2
        } else {
            addresses
        }
    }
}

/// An IPv6 address and the number of its bits that name the network. IPv6 has no broadcast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network6 {
    /// Any address of the network.
    pub address: Ipv6Addr,
    /// The prefix length: 0 to 128 bits.
    pub prefix: u8,
}

impl Network6 {
    /// The mask: a 1 for every network bit, a 0 for every host bit.
    pub fn mask(self) -> Ipv6Addr {
        let mask = u128::MAX.checked_shl(128 - u32::from(self.prefix));
        Ipv6Addr::from(mask.unwrap_or(0))
    }

    /// The lowest address. Routers answer to it (subnet-router anycast, RFC 4291 §2.6.1), except on
    /// a /127 between two routers (RFC 6164).
    pub fn lowest(self) -> Ipv6Addr {
        self.address & self.mask()
    }

    /// The highest address.
    pub fn highest(self) -> Ipv6Addr {
        self.address | !self.mask()
    }

    /// How many addresses the network has; `None` for /0, whose 2^128 does not fit in 128 bits.
    pub fn addresses(self) -> Option<u128> {
        1_u128.checked_shl(128 - u32::from(self.prefix))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn network(address: [u8; 4], prefix: u8) -> Network {
        Network {
            address: address.into(),
            prefix,
        }
    }

    #[test]
    fn a_network_of_62_hosts() {
        let network = network([192, 168, 1, 70], 26);
        assert_eq!(network.mask(), Ipv4Addr::new(255, 255, 255, 192));
        assert_eq!(network.wildcard(), Ipv4Addr::new(0, 0, 0, 63));
        assert_eq!(network.lowest(), Ipv4Addr::new(192, 168, 1, 64));
        assert_eq!(network.broadcast(), Some(Ipv4Addr::new(192, 168, 1, 127)));
        assert_eq!(network.first_host(), Ipv4Addr::new(192, 168, 1, 65));
        assert_eq!(network.last_host(), Ipv4Addr::new(192, 168, 1, 126));
        assert_eq!(network.hosts(), 62);
    }

    #[test]
    fn the_edges() {
        let pair = network([10, 0, 0, 1], 31);
        assert_eq!(pair.broadcast(), None);
        assert_eq!(pair.first_host(), Ipv4Addr::new(10, 0, 0, 0));
        assert_eq!(pair.last_host(), Ipv4Addr::new(10, 0, 0, 1));
        assert_eq!(pair.hosts(), 2);
        let one = network([10, 0, 0, 1], 32);
        assert_eq!(
            (one.first_host(), one.last_host()),
            (one.address, one.address)
        );
        assert_eq!(one.hosts(), 1);
        let four = network([10, 0, 0, 1], 30);
        assert_eq!(four.hosts(), 2);
        let all = network([10, 0, 0, 1], 0);
        assert_eq!(all.mask(), Ipv4Addr::UNSPECIFIED);
        assert_eq!(all.highest(), Ipv4Addr::BROADCAST);
        assert_eq!(all.hosts(), 4_294_967_294);
        let all6 = Network6 {
            address: Ipv6Addr::LOCALHOST,
            prefix: 0,
        };
        assert_eq!(all6.addresses(), None);
        assert_eq!(all6.lowest(), Ipv6Addr::UNSPECIFIED);
    }

    proptest! {
        #[test]
        fn a_network_holds_its_address(bits: u32, prefix in 0_u8..=32) {
            let network = Network { address: bits.into(), prefix };
            prop_assert!(network.lowest() <= network.address && network.address <= network.highest());
            prop_assert_eq!(u32::from(network.mask()).leading_ones(), u32::from(prefix));
            let range = u64::from(u32::from(network.highest())) - u64::from(u32::from(network.lowest())) + 1;
            prop_assert_eq!(range, 1_u64 << (32 - prefix));
            let hosts = u64::from(u32::from(network.last_host())) - u64::from(u32::from(network.first_host())) + 1;
            prop_assert_eq!(hosts, network.hosts());
        }

        #[test]
        fn an_ipv6_network_holds_its_address(bits: u128, prefix in 0_u8..=128) {
            let network = Network6 { address: bits.into(), prefix };
            prop_assert!(network.lowest() <= network.address && network.address <= network.highest());
            prop_assert_eq!(u128::from(network.mask()).leading_ones(), u32::from(prefix));
            let span = u128::from(network.highest()) - u128::from(network.lowest());
            prop_assert_eq!(span.checked_add(1), network.addresses());
        }
    }
}
