//! The relay's lanes: what comes in goes out, as the weather says.
//!
//! Oracle: the fates that the lane itself reports, and a plain queue.
#![no_main]

use std::time::{Duration, Instant};

use lesson_02_tcp_vs_udp::relay::lane::{Kind, Lane};
use lesson_02_tcp_vs_udp::weather::{Fate, Weather};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    stream: bool,
    seed: u64,
    drop: u8,
    duplicate: u8,
    reorder: u8,
    delay: u16,
    /// Octets that arrive, and milliseconds until then.
    arrivals: Vec<(u16, u8)>,
}

fuzz_target!(|input: Input| {
    let kind = if input.stream {
        Kind::Stream
    } else {
        Kind::Datagrams
    };
    let weather = Weather {
        seed: input.seed,
        drop: input.drop % 101,
        duplicate: input.duplicate % 101,
        reorder: input.reorder % 101,
        delay: Duration::from_millis(input.delay.into()),
        ..Weather::default()
    };
    let mut lane = Lane::new(kind, &weather, 0);
    let mut now = Instant::now();
    let (mut expected, mut out) = (Vec::new(), Vec::new());
    for (index, (size, wait)) in input.arrivals.iter().enumerate() {
        now += Duration::from_millis(u64::from(*wait));
        let mut octets = index.to_be_bytes().to_vec();
        octets.resize(8 + usize::from(*size), 0);
        let (number, fate) = lane.arrive(&octets, now);
        assert_eq!(number, index as u64 + 1);
        let copies = match (kind, fate) {
            (Kind::Stream, _) | (_, Fate::Pass | Fate::Late) => 1,
            (_, Fate::Drop) => 0,
            (_, Fate::Duplicate) => 2,
        };
        expected.extend(std::iter::repeat_n(octets, copies));
        // A queue that is full loses what comes: one datagram of 64 KiB may still stand in it.
        if kind == Kind::Datagrams {
            assert!(lane.load() <= (1024 + 256) * 1024, "{}", lane.load());
        }
        while let Some(octets) = lane.leave(now) {
            out.push(octets);
        }
    }
    // Whenever it says that something is due, something leaves, until nothing is left.
    while let Some(due) = lane.next_due() {
        now = now.max(due);
        let before = out.len();
        while let Some(octets) = lane.leave(now) {
            out.push(octets);
        }
        assert!(out.len() > before, "due, and does not leave");
    }
    assert!(lane.is_empty());
    assert_eq!(lane.load(), 0);
    if kind == Kind::Datagrams {
        // Order is not promised, and nothing else may happen to a datagram.
        out.sort();
        expected.sort();
    }
    assert!(out == expected);
});
