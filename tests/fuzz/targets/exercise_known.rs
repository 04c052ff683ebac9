//! `known.json`, and which known mistake a failure looks like.
//!
//! Oracles: what is written is read back as the same; for the recognition, a search through all.
#![no_main]

use catalog::known::{Fails, Known, Mistake};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    text: Vec<u8>,
    mistakes: Vec<Vec<(u8, u8, u8)>>,
    failures: Vec<(u8, u8, u8)>,
}

fn signature(fails: &[(u8, u8, u8)]) -> Vec<Fails> {
    let kinds = ["value", "deadline", "spin", "unfinished", "octets"];
    fails
        .iter()
        .map(|(check, kind, detail)| Fails {
            check: (check % 4).to_string(),
            kind: kinds[usize::from(*kind) % kinds.len()].into(),
            detail: (detail % 4).to_string(),
        })
        .collect()
}

fuzz_target!(|input: Input| {
    if let Ok(known) = serde_json::from_slice::<Known>(&input.text) {
        let again: Known = serde_json::from_str(&known.text()).expect("what was written");
        assert_eq!(again, known);
    }
    let mistakes: Vec<Mistake> = input
        .mistakes
        .iter()
        .enumerate()
        .map(|(number, fails)| Mistake {
            name: number.to_string(),
            title: String::new(),
            hint: String::new(),
            fails: signature(fails),
        })
        .collect();
    let known = Known {
        starter: String::new(),
        mistakes,
    };
    let failures = signature(&input.failures);
    let exact = known
        .mistakes
        .iter()
        .find(|mistake| mistake.fails == failures);
    let found = known.recognise(&failures);
    match (exact, found) {
        (Some(exact), Some(found)) => {
            assert!(found.certain);
            assert_eq!(found.mistake, exact);
        }
        (Some(exact), None) => panic!("{exact:?} is not recognised"),
        (None, Some(found)) => {
            // A guess has something in common with what was seen.
            assert!(!found.certain);
            let first = &failures[0];
            let fails = &found.mistake.fails;
            assert!(
                fails
                    .iter()
                    .any(|one| one.check == first.check && one.kind == first.kind)
            );
        }
        (None, None) => {}
    }
    // The order of the mistakes does not decide what a failure is taken for.
    if exact.is_none() {
        let mut turned = known.clone();
        turned.mistakes.reverse();
        let other = turned
            .recognise(&failures)
            .map(|found| found.mistake.clone());
        assert_eq!(other, found.map(|found| found.mistake.clone()));
    }
});
