//! The lines of a check's report. Who answers an exercise can write anything into it.
//!
//! Oracle: what is written is read back as the same.
#![no_main]

use kit::report::{Event, Step};
use kit::{Compared, Failure, Kind, Panic};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    line: String,
    texts: [String; 4],
    octets: [Vec<u8>; 2],
    numbers: [u64; 3],
    kind: u8,
    compared: u8,
    panics: bool,
    waiting: Vec<(String, String)>,
}

fuzz_target!(|input: Input| {
    if let Some(event) = Event::parse(&input.line) {
        let line = event.line();
        assert!(!line.contains(['\n', '\r']));
        assert_eq!(Event::parse(&line), Some(event));
    }
    for event in events(input) {
        let line = event.line();
        assert!(!line.contains(['\n', '\r']), "an event is one line");
        // The report of a program that was killed may end in the middle of a line.
        for (cut, _) in line.char_indices().rev().take(40) {
            let _ = Event::parse(&line[..cut]);
        }
        assert_eq!(Event::parse(&line), Some(event));
    }
});

fn events(input: Input) -> Vec<Event> {
    let [who, what, third, fourth] = input.texts;
    let [octets, others] = input.octets;
    let [index, total, times] = input.numbers;
    let kinds = [
        Kind::Value,
        Kind::Octets,
        Kind::End,
        Kind::Error,
        Kind::Panic,
        Kind::Returned,
        Kind::Spin,
        Kind::Deadline,
    ];
    let kind = kinds[usize::from(input.kind) % kinds.len()];
    let mut failure = Failure::new(kind, &*what, &*third);
    failure.compared = match input.compared % 3 {
        0 => None,
        1 => Some(Compared::Values {
            expected: who.clone(),
            got: fourth.clone(),
        }),
        _ => Some(Compared::Octets {
            expected: octets.clone(),
            got: others,
        }),
    };
    failure.panic = input.panics.then(|| Panic {
        who: who.clone(),
        message: fourth.clone(),
        place: third,
    });
    failure.waiting = input.waiting;
    let index = usize::try_from(index).unwrap_or_default();
    vec![
        Event::Checks(index),
        Event::Begin(fourth),
        Event::Done(who.clone()),
        Event::Step(Step {
            index,
            who,
            what,
            octets,
            total,
            times,
        }),
        Event::Fail(failure),
        Event::Pass,
        Event::Skip,
    ]
}
