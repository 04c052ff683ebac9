//! Whole conversations of the installed client's line protocol, over a real connection.
//!
//! Oracle: a second reading of what was sent, and of what was answered.
#![no_main]

use std::io::BufRead as _;

use fuzz::conversation::{Desk, talk};
use lesson_00_cs_vs_bs::line::{Line, read_line, server};
use libfuzzer_sys::fuzz_target;

/// So little that an upload can be too much.
const CAPACITY: u64 = 2000;

fuzz_target!(|data: &[u8]| {
    lines(data);
    let desk = Desk::empty(CAPACITY);
    let answer = talk(data, |stream| {
        let _ = server::converse(stream, desk.disk(), &|_, _, _| {});
    });
    desk.check();
    // Every answer is one that the protocol has, and the octets behind `OK <length>` are there.
    let mut rest = &answer[..];
    if rest.starts_with(b"HTTP/1.1 400 ") {
        return;
    }
    while let Some(line) = next(&mut rest) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        match words[..] {
            ["GO"] | ["OK", "created" | "replaced" | "removed"] => {}
            ["OK", count] => follow(count, &mut rest),
            ["ERROR", kind, sentence] => {
                let kinds = ["name", "missing", "refused", "full", "failed", "protocol"];
                assert!(kinds.contains(&kind), "{line:?}");
                fuzz::assert_harmless(sentence, &[]);
            }
            // A browser was sent to this port.
            ["HTTP/1.1", "400", _] => return,
            _ => panic!("{line:?} is no answer"),
        }
    }
});

fn next(rest: &mut &[u8]) -> Option<String> {
    let mut line = String::new();
    let read = rest.read_line(&mut line).expect("answers are UTF-8");
    assert!(read == 0 || line.ends_with('\n'), "{line:?} is cut");
    (read > 0).then(|| line.trim_end_matches('\n').to_owned())
}

/// `OK <n>` is followed by `n` octets (GET), or by `n` lines `<length> <name>` (LIST). Files of a
/// conversation are smaller than `CAPACITY`.
fn follow(count: &str, rest: &mut &[u8]) {
    let count: usize = count.parse().expect("a number");
    let mut listed = *rest;
    let is_list = (0..count).all(|_| {
        let line = listed
            .split(|octet| *octet == b'\n')
            .next()
            .unwrap_or_default();
        let parsed = std::str::from_utf8(line)
            .ok()
            .and_then(|line| line.split_once(' '))
            .is_some_and(|(size, name)| size.parse::<u64>().is_ok() && !name.is_empty());
        let whole = listed.get(line.len()) == Some(&b'\n');
        listed = listed.get(line.len() + 1..).unwrap_or_default();
        parsed && whole
    });
    if count > 0 && is_list {
        *rest = listed;
    } else {
        *rest = rest.get(count..).expect("as many octets as were announced");
    }
}

/// Lines, in whatever pieces they arrive.
fn lines(data: &[u8]) {
    for most in [1, 7, 4096] {
        let mut wire = fuzz::Trickle::buffered(data, most);
        let mut whole = data;
        loop {
            let line = read_line(&mut whole).expect("a slice does not fail");
            assert_eq!(read_line(&mut wire).expect("a slice does not fail"), line);
            match line {
                Line::Whole(text) => assert!(text.len() < 512 && !text.contains('\n')),
                Line::End | Line::Broken(_) => break,
            }
        }
        assert_eq!(fuzz::unread(&wire), whole);
    }
}
