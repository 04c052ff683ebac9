//! Checks of "In one network, or not?"

mod exercise;

use std::net::Ipv4Addr;

use kit::{Check, Got, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("masks that end at a dot", at_a_dot),
        ("masks that end between two dots", between),
        ("the longest and the shortest mask", extremes),
        ("two addresses in one large network", far_apart),
        (
            "two addresses side by side, with a border between them",
            side_by_side,
        ),
        ("two addresses whose text begins alike", alike),
        (
            "two networks whose first three octets are the same",
            three_octets,
        ),
        ("with /32 one address, with /0 all", one_or_all),
        ("every prefix length, bit by bit", every),
    ])
}

fn mask(check: &Check, prefix: u8) -> Outcome<Got<Ipv4Addr>> {
    check.call(format!("mask({prefix})"), move || exercise::mask(prefix))
}

fn same(check: &Check, one: [u8; 4], other: [u8; 4], prefix: u8) -> Outcome<Got<bool>> {
    let (one, other) = (Ipv4Addr::from(one), Ipv4Addr::from(other));
    check.call(
        format!("same_network({one}, {other}, {prefix})"),
        move || exercise::same_network(one, other, prefix),
    )
}

fn at_a_dot(check: &Check) -> Outcome {
    mask(check, 24)?.is(Ipv4Addr::new(255, 255, 255, 0))?;
    mask(check, 16)?.is(Ipv4Addr::new(255, 255, 0, 0))?;
    mask(check, 8)?.is(Ipv4Addr::new(255, 0, 0, 0))
}

fn between(check: &Check) -> Outcome {
    mask(check, 26)?.is(Ipv4Addr::new(255, 255, 255, 192))?;
    mask(check, 31)?.is(Ipv4Addr::new(255, 255, 255, 254))?;
    mask(check, 20)?.is(Ipv4Addr::new(255, 255, 240, 0))?;
    mask(check, 12)?.is(Ipv4Addr::new(255, 240, 0, 0))?;
    mask(check, 1)?.is(Ipv4Addr::new(128, 0, 0, 0))
}

fn extremes(check: &Check) -> Outcome {
    mask(check, 32)?.is(Ipv4Addr::BROADCAST)?;
    mask(check, 0)?.is(Ipv4Addr::UNSPECIFIED)
}

fn far_apart(check: &Check) -> Outcome {
    same(check, [192, 168, 1, 70], [192, 168, 1, 100], 26)?.is(true)?;
    same(check, [10, 0, 0, 1], [10, 255, 7, 9], 8)?.is(true)?;
    same(check, [172, 16, 0, 1], [172, 31, 255, 254], 12)?.is(true)
}

fn side_by_side(check: &Check) -> Outcome {
    same(check, [10, 1, 255, 255], [10, 2, 0, 0], 16)?.is(false)?;
    same(check, [192, 168, 2, 0], [192, 168, 1, 255], 24)?.is(false)
}

fn alike(check: &Check) -> Outcome {
    same(check, [10, 4, 5, 6], [100, 4, 5, 6], 8)?.is(false)?;
    same(check, [10, 1, 0, 1], [10, 10, 0, 1], 16)?.is(false)
}

fn three_octets(check: &Check) -> Outcome {
    same(check, [192, 168, 1, 70], [192, 168, 1, 130], 26)?.is(false)?;
    same(check, [192, 168, 1, 127], [192, 168, 1, 128], 25)?.is(false)
}

fn one_or_all(check: &Check) -> Outcome {
    same(check, [10, 0, 0, 1], [10, 0, 0, 1], 32)?.is(true)?;
    same(check, [10, 0, 0, 1], [10, 0, 0, 0], 32)?.is(false)?;
    same(check, [0, 0, 0, 0], [255, 255, 255, 255], 0)?.is(true)
}

fn every(check: &Check) -> Outcome {
    check.tell("tries each prefix length with pairs that differ in one bit, or in none");
    let one = 0b0110_0100_1010_0101_0000_1111_1100_0011_u32;
    for prefix in (0..=32_u8).rev() {
        let ones: u32 = (0..prefix).map(|bit| 1 << (31 - bit)).sum();
        mask(check, prefix)?.agrees(Ipv4Addr::from(ones))?;
        same(check, one.to_be_bytes(), one.to_be_bytes(), prefix)?.agrees(true)?;
        // The bit in front of the border decides, the one behind it does not.
        for bit in [0, prefix.saturating_sub(1), prefix.min(31), 31] {
            let other = one ^ (1 << (31 - bit));
            same(check, one.to_be_bytes(), other.to_be_bytes(), prefix)?.agrees(bit >= prefix)?;
        }
    }
    Ok(())
}
