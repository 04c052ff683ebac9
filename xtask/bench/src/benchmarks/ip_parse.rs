//! `ip-parse`: the lesson's parser, in this process.

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::{Result, ensure};
use lesson_01_ip_address::ipv4;
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::turns::Turns;

const OURS: &str = "ipv4::parse";
const STD: &str = "Ipv4Addr::from_str";

/// Addresses that are parsed in a round, and how often.
const COUNT: u32 = 100_000;
const TIMES: u32 = 10;

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let mut random = fastrand::Rng::with_seed(1);
    let addresses: Vec<Ipv4Addr> = (0..COUNT).map(|_| Ipv4Addr::from(random.u32(..))).collect();
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let same = addresses.iter().zip(&texts).all(|(address, text)| {
        ipv4::parse(text.as_bytes()).ok() == Some(*address) && text.parse().ok() == Some(*address)
    });
    ensure!(same, "the two parsers do not agree");
    let mut turns = Turns::new(
        "One of 100,000 random addresses parsed",
        Unit::Seconds,
        context.choose(40, 400),
    );
    turns.ours(OURS, || {
        each(&texts, |text| ipv4::parse(text.as_bytes()).is_ok())
    });
    turns.peer(STD, || {
        each(&texts, |text| text.parse::<Ipv4Addr>().is_ok())
    });
    turns.at_most(OURS, 1.0, STD);
    Ok(vec![turns.take()?])
}

/// Seconds for each text.
fn each(texts: &[String], parse: impl Fn(&str) -> bool) -> Result<f64> {
    let begun = Instant::now();
    let mut parsed = 0;
    for _ in 0..TIMES {
        for text in texts {
            parsed += u32::from(black_box(parse(black_box(text))));
        }
    }
    let took = begun.elapsed().as_secs_f64();
    ensure!(parsed == COUNT * TIMES, "an address was refused");
    Ok(took / f64::from(parsed))
}
