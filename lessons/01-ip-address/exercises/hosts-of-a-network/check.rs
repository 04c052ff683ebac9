//! Checks of "First host, last host, how many?"

mod exercise;

use std::net::Ipv4Addr;

use exercise::Hosts;
use kit::{Check, Got, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the first and the last host", both_ends),
        ("how many hosts", how_many),
        ("the same network, from any of its addresses", any_address),
        ("a network that ends between two dots", between),
        ("a network larger than the last octet", large),
        ("a network of two addresses", two),
        ("a network of one address", one),
        ("the largest network", largest),
        ("every prefix length", every),
    ])
}

fn hosts(check: &Check, address: [u8; 4], prefix: u8) -> Outcome<Got<Hosts>> {
    let address = Ipv4Addr::from(address);
    check.call(format!("hosts({address}, {prefix})"), move || {
        exercise::hosts(address, prefix)
    })
}

fn from_to(first: [u8; 4], last: [u8; 4], count: u64) -> Hosts {
    Hosts {
        first: Ipv4Addr::from(first),
        last: Ipv4Addr::from(last),
        count,
    }
}

fn both_ends(check: &Check) -> Outcome {
    let Got { call, value } = hosts(check, [192, 168, 1, 0], 24)?;
    let value = (value.first, value.last);
    let call = format!("`first` and `last` of {call}");
    let ends = ([192, 168, 1, 1], [192, 168, 1, 254]);
    Got { call, value }.is((Ipv4Addr::from(ends.0), Ipv4Addr::from(ends.1)))
}

fn how_many(check: &Check) -> Outcome {
    let Got { call, value } = hosts(check, [192, 168, 1, 0], 24)?;
    let (call, value) = (format!("`count` of {call}"), value.count);
    Got { call, value }.is(254_u64)
}

fn any_address(check: &Check) -> Outcome {
    let expected = from_to([192, 168, 1, 1], [192, 168, 1, 254], 254);
    hosts(check, [192, 168, 1, 70], 24)?.is(expected)?;
    hosts(check, [192, 168, 1, 255], 24)?.is(expected)
}

fn between(check: &Check) -> Outcome {
    let expected = from_to([192, 168, 1, 65], [192, 168, 1, 126], 62);
    hosts(check, [192, 168, 1, 70], 26)?.is(expected)?;
    let expected = from_to([192, 168, 1, 69], [192, 168, 1, 70], 2);
    hosts(check, [192, 168, 1, 70], 30)?.is(expected)
}

fn large(check: &Check) -> Outcome {
    let expected = from_to([10, 4, 0, 1], [10, 4, 15, 254], 4094);
    hosts(check, [10, 4, 5, 6], 20)?.is(expected)?;
    let expected = from_to([172, 16, 0, 1], [172, 31, 255, 254], 1_048_574);
    hosts(check, [172, 20, 1, 2], 12)?.is(expected)
}

fn two(check: &Check) -> Outcome {
    let expected = from_to([10, 0, 0, 0], [10, 0, 0, 1], 2);
    hosts(check, [10, 0, 0, 1], 31)?.is(expected)
}

fn one(check: &Check) -> Outcome {
    let expected = from_to([10, 0, 0, 1], [10, 0, 0, 1], 1);
    hosts(check, [10, 0, 0, 1], 32)?.is(expected)
}

fn largest(check: &Check) -> Outcome {
    let expected = from_to([0, 0, 0, 1], [255, 255, 255, 254], 4_294_967_294);
    hosts(check, [100, 4, 5, 6], 0)?.is(expected)
}

fn every(check: &Check) -> Outcome {
    check.tell("asks for each prefix length from 31 down to 0, and for 32, with three addresses");
    let addresses = [[100, 4, 5, 6], [0, 0, 0, 0], [255, 255, 255, 255]];
    for prefix in (0..=31).rev().chain([32]) {
        for address in addresses {
            // Division in 64 bits: nothing is shifted out, and nothing overflows.
            let size = 1_u64 << (32 - prefix);
            let lowest = u64::from(u32::from_be_bytes(address)) / size * size;
            let reserved = u64::from(prefix <= 30);
            let at = |number: u64| {
                let number = u32::try_from(number).expect("an address has 32 bits");
                number.to_be_bytes()
            };
            let expected = from_to(
                at(lowest + reserved),
                at(lowest + size - 1 - reserved),
                size - 2 * reserved,
            );
            hosts(check, address, prefix)?.agrees(expected)?;
        }
    }
    Ok(())
}
