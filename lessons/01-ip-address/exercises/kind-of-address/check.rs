//! Checks of "What kind of address is it?"

mod exercise;

use std::net::Ipv4Addr;

use exercise::Kind;
use kit::{Check, Got, Outcome};

/// The blocks: first address, prefix length, kind. No two overlap.
const BLOCKS: [([u8; 4], u32, Kind); 8] = [
    ([127, 0, 0, 0], 8, Kind::Loopback),
    ([10, 0, 0, 0], 8, Kind::Private),
    ([172, 16, 0, 0], 12, Kind::Private),
    ([192, 168, 0, 0], 16, Kind::Private),
    ([100, 64, 0, 0], 10, Kind::Shared),
    ([169, 254, 0, 0], 16, Kind::LinkLocal),
    ([224, 0, 0, 0], 4, Kind::Multicast),
    ([0, 0, 0, 0], 32, Kind::ThisHost),
];

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("one address of each kind", one_of_each),
        ("loopback is a block of many addresses", loopback),
        ("100.4.5.6 is in no block", in_none),
        ("a number that begins with 10 is another number", longer),
        ("an address that a provider shares", shared),
        ("a block goes on behind its first octets", inside),
        (
            "a block ends, and others begin with the same octet",
            outside,
        ),
        ("0.0.0.0 is one address", this_host),
        ("both ends of each block, against its bits", borders),
        ("many addresses, against the bits of the blocks", many),
    ])
}

fn kind(check: &Check, address: [u8; 4]) -> Outcome<Got<Kind>> {
    let address = Ipv4Addr::from(address);
    check.call(format!("kind({address})"), move || exercise::kind(address))
}

/// The kind by the blocks' bits.
fn by_bits(address: u32) -> Kind {
    BLOCKS
        .into_iter()
        .find(|(first, prefix, _)| {
            let different = u32::from_be_bytes(*first) ^ address;
            different.leading_zeros() >= *prefix
        })
        .map_or(Kind::Other, |(_, _, kind)| kind)
}

fn one_of_each(check: &Check) -> Outcome {
    kind(check, [127, 0, 0, 1])?.is(Kind::Loopback)?;
    kind(check, [192, 168, 1, 20])?.is(Kind::Private)?;
    kind(check, [10, 4, 5, 6])?.is(Kind::Private)?;
    kind(check, [172, 16, 0, 1])?.is(Kind::Private)?;
    kind(check, [169, 254, 7, 7])?.is(Kind::LinkLocal)?;
    kind(check, [224, 0, 0, 251])?.is(Kind::Multicast)?;
    kind(check, [0, 0, 0, 0])?.is(Kind::ThisHost)?;
    kind(check, [8, 8, 8, 8])?.is(Kind::Other)
}

fn shared(check: &Check) -> Outcome {
    kind(check, [100, 64, 5, 6])?.is(Kind::Shared)
}

fn loopback(check: &Check) -> Outcome {
    kind(check, [127, 0, 0, 2])?.is(Kind::Loopback)?;
    kind(check, [127, 4, 5, 6])?.is(Kind::Loopback)
}

fn inside(check: &Check) -> Outcome {
    kind(check, [172, 20, 1, 1])?.is(Kind::Private)?;
    kind(check, [172, 31, 255, 254])?.is(Kind::Private)?;
    kind(check, [100, 100, 1, 1])?.is(Kind::Shared)?;
    kind(check, [239, 255, 255, 250])?.is(Kind::Multicast)
}

fn outside(check: &Check) -> Outcome {
    kind(check, [172, 32, 1, 1])?.is(Kind::Other)?;
    kind(check, [172, 15, 1, 1])?.is(Kind::Other)?;
    kind(check, [192, 0, 2, 1])?.is(Kind::Other)?;
    kind(check, [169, 1, 1, 1])?.is(Kind::Other)
}

fn in_none(check: &Check) -> Outcome {
    kind(check, [100, 4, 5, 6])?.is(Kind::Other)?;
    kind(check, [100, 128, 1, 1])?.is(Kind::Other)?;
    kind(check, [1, 0, 0, 1])?.is(Kind::Other)
}

fn longer(check: &Check) -> Outcome {
    kind(check, [101, 1, 1, 1])?.is(Kind::Other)?;
    kind(check, [107, 4, 5, 6])?.is(Kind::Other)
}

fn this_host(check: &Check) -> Outcome {
    kind(check, [0, 0, 0, 0])?.is(Kind::ThisHost)?;
    kind(check, [0, 0, 0, 1])?.is(Kind::Other)?;
    kind(check, [0, 1, 2, 3])?.is(Kind::Other)
}

fn borders(check: &Check) -> Outcome {
    check.tell("asks for the addresses on both sides of each block's first and last border");
    for (first, prefix, _) in BLOCKS {
        let lowest = u32::from_be_bytes(first);
        let highest = lowest + u32::try_from((1_u64 << (32 - prefix)) - 1).unwrap_or(u32::MAX);
        for address in [
            lowest,
            highest,
            lowest.saturating_sub(1),
            highest.saturating_add(1),
        ] {
            kind(check, address.to_be_bytes())?.agrees(by_bits(address))?;
        }
    }
    Ok(())
}

fn many(check: &Check) -> Outcome {
    check.tell("asks for 300 addresses whose first octets are those of the blocks");
    // The same numbers in every run: the step of a linear congruential generator.
    let mut state = 2024_u32;
    for number in 0..300 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let ([first, ..], _, _) = BLOCKS[number % BLOCKS.len()];
        let address = (state >> 8) | u32::from(first) << 24;
        kind(check, address.to_be_bytes())?.agrees(by_bits(address))?;
    }
    Ok(())
}
