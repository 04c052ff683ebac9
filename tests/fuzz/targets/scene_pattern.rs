//! What a `?` step waits for.
//!
//! Oracle: literal text is found where `str::find` finds it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scenes::pattern::Pattern;

fuzz_target!(|input: (&str, &str)| {
    let (text, line) = input;
    // Every text can be written as a pattern, with its braces doubled, and finds itself.
    let escaped = text.replace('{', "{{").replace('}', "}}");
    let literal = Pattern::parse(&escaped).expect("no value in it");
    assert_eq!(literal.names().count(), 0);
    let finds = literal.compile(|_| None).expect("short");
    let around = format!("{line}{text}{line}");
    let (end, found) = finds.find(&around, 0, true).expect("it is in it");
    assert!(found.is_empty());
    if text.is_empty() {
        // An empty pattern waits for the end of a word or line.
        assert!(around.is_char_boundary(end));
    } else {
        assert_eq!(Some(end - text.len()), around.find(text));
    }

    let Ok(pattern) = Pattern::parse(text) else {
        return;
    };
    let Ok(matcher) = pattern.compile(|name| (name == "known").then(|| "{a.b}".to_owned())) else {
        return;
    };
    if pattern.needs_whole_line() {
        assert!(matcher.find(line, 0, false).is_none());
    }
    if let Some((end, found)) = matcher.find(line, 0, true) {
        assert!(line.is_char_boundary(end));
        let mut last = 0;
        for value in found {
            let inside = line
                .get(value.range.clone())
                .expect("at the edges of characters");
            assert!(!inside.is_empty() && !inside.contains(char::is_whitespace));
            assert!(value.range.start >= last && value.range.end <= end);
            last = value.range.end;
            assert!(value.measure || pattern.names().any(|name| name == value.name));
        }
    }
});
