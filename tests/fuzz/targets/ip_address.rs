//! Addresses in every notation, with and without a prefix length.
//!
//! Oracles: the standard library's parsers and writers; for networks, division and multiplication.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use fuzz::assert_harmless;
use lesson_01_ip_address::network::{Network, Network6};
use lesson_01_ip_address::notation::{self, Given, Notation};
use lesson_01_ip_address::{caret, ipv4, ipv6, json, kind, wire};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = std::str::from_utf8(data).ok();
    assert_eq!(
        ipv4::parse(data).ok(),
        text.and_then(|text| text.parse::<Ipv4Addr>().ok())
    );
    assert_eq!(
        ipv6::parse(data).ok(),
        text.and_then(|text| text.parse::<Ipv6Addr>().ok())
    );
    packet(data);
    for wide in [false, true] {
        match notation::read(data, wide) {
            Ok(given) => read(data, wide, &given),
            Err(refusal) => {
                // One octet may be missing behind the end.
                assert!(refusal.len > 0 && refusal.at <= data.len(), "{refusal:?}");
                assert!(refusal.at + refusal.len <= data.len() + 1, "{refusal:?}");
                if let Some(text) = text {
                    let sentence = refusal.sentence(text);
                    assert_harmless(&sentence, &[]);
                    assert!((8..600).contains(&sentence.len()), "{sentence:?}");
                    let pointed = caret::pointed(text, refusal);
                    assert_harmless(&pointed, &['\n']);
                    assert_eq!(pointed.matches('\n').count(), 1, "{pointed:?}");
                    assert!(pointed.ends_with('^'), "{pointed:?}");
                }
            }
        }
    }
});

/// What was accepted means what the oracle of its notation says, and is ASCII.
fn read(data: &[u8], wide: bool, given: &Given) {
    let text = std::str::from_utf8(data).expect("an address is ASCII");
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse::<u8>().expect("a number"))),
        None => (text, None),
    };
    assert_eq!(given.prefix, prefix);
    let bits = match given.address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    };
    let digits: String = address.chars().filter(|c| !".:".contains(*c)).collect();
    let number = |prefixes: [&str; 2], radix| {
        let digits = digits.strip_prefix(prefixes[0]).unwrap_or(&digits);
        let digits = digits.strip_prefix(prefixes[1]).unwrap_or(digits);
        u128::from_str_radix(digits, radix).ok()
    };
    match given.notation {
        Notation::Dotted | Notation::Ipv6 => assert_eq!(address.parse(), Ok(given.address)),
        Notation::Binary => assert_eq!(number(["0b", "0B"], 2), Some(bits)),
        Notation::Decimal => assert_eq!(address.parse(), Ok(bits)),
        Notation::Hex => assert_eq!(number(["0x", "0X"], 16), Some(bits)),
    }
    // A number is as wide as was asked for; a longer one says so by its length.
    if given.notation == Notation::Decimal {
        assert_eq!(given.address.is_ipv6(), wide);
    }
    let again = match given.address {
        IpAddr::V4(address) => ipv4::format(address).as_str().to_owned(),
        IpAddr::V6(address) => ipv6::format(address).as_str().to_owned(),
    };
    assert_eq!(again, given.address.to_string());
    let block = kind::of(given.address);
    assert!(!block.kind.word().is_empty());
    network(given);
    let mut object = Vec::new();
    json::object(&mut object, text, given).expect("a vector takes all");
    let object: serde_json::Value = serde_json::from_slice(&object).expect("JSON");
    assert_eq!(object["input"], text);
    assert_eq!(object["address"], again);
    assert_eq!(object["prefix"].as_u64(), given.prefix.map(u64::from));
}

/// A network of 2^n addresses begins at a multiple of 2^n.
fn network(given: &Given) {
    match (given.address, given.prefix) {
        (IpAddr::V4(address), Some(prefix)) => {
            assert!(prefix <= 32);
            let network = Network { address, prefix };
            let size = 1_u64 << (32 - u32::from(prefix));
            let lowest = u64::from(u32::from(address)) / size * size;
            assert_eq!(u64::from(u32::from(network.lowest())), lowest);
            assert_eq!(u64::from(u32::from(network.highest())), lowest + size - 1);
            let [first, last] = [network.first_host(), network.last_host()].map(u32::from);
            assert_eq!(network.hosts(), u64::from(last - first) + 1);
            assert_eq!(u32::from(network.mask()).leading_ones(), u32::from(prefix));
            assert_eq!(u32::from(network.mask()).count_ones(), u32::from(prefix));
        }
        (IpAddr::V6(address), Some(prefix)) => {
            assert!(prefix <= 128);
            let network = Network6 { address, prefix };
            let Some(size) = network.addresses() else {
                assert_eq!(prefix, 0);
                return;
            };
            let lowest = u128::from(address) / size * size;
            assert_eq!(u128::from(network.lowest()), lowest);
            assert_eq!(u128::from(network.highest()), lowest + (size - 1));
        }
        (_, None) => {}
    }
}

/// The addresses of a packet stand where the RFCs say: RFC 791 §3.1, RFC 8200 §3.
fn packet(data: &[u8]) {
    let found = wire::addresses(data);
    let version = data.first().map(|octet| octet >> 4);
    match (version, data.len()) {
        (Some(4), 20..) => {
            let at = |at: usize| IpAddr::from(<[u8; 4]>::try_from(&data[at..at + 4]).unwrap());
            assert_eq!(found, Some((at(12), at(16))));
        }
        (Some(6), 40..) => {
            let at = |at: usize| IpAddr::from(<[u8; 16]>::try_from(&data[at..at + 16]).unwrap());
            assert_eq!(found, Some((at(8), at(24))));
        }
        _ => assert_eq!(found, None),
    }
}
