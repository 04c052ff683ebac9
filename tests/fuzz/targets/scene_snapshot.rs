//! What a scene showed, in its written form.
//!
//! Oracle: what is written is read back as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scenes::transcript::{Line, Transcript};

fuzz_target!(|text: &str| {
    // A screen has no control characters. A return at the end of a line would be taken for a part of
    // the line's end.
    if text.contains('\r') {
        return;
    }
    let Ok(read) = Transcript::parse(text) else {
        return;
    };
    let written = read.to_string();
    let again = Transcript::parse(&written).expect("what was written can be read");
    assert_eq!(again.wire, read.wire);
    assert_eq!(again.terminals.len(), read.terminals.len());
    for (one, other) in read.terminals.iter().zip(&again.terminals) {
        assert_eq!(one.name, other.name);
        assert_eq!(one.lines.len(), other.lines.len());
        for (one, other) in one.lines.iter().zip(&other.lines) {
            match (one, other) {
                // Two neighbours that look alike may be written as one.
                (Line::Output(one), Line::Output(other)) => {
                    let all = |spans: &[scenes::transcript::Span]| -> String {
                        spans.iter().map(|span| span.text.as_str()).collect()
                    };
                    assert_eq!(all(one), all(other));
                }
                (one, other) => assert_eq!(one, other),
            }
        }
    }
    // From the second time on nothing changes.
    assert_eq!(
        again.to_string(),
        Transcript::parse(&again.to_string()).unwrap().to_string()
    );
});
