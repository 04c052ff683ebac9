//! The form with files that a browser sends.
//!
//! Oracles: forms that the target itself has written; for any octets, the same form in other pieces,
//! and a search for the delimiter in all of it.
#![no_main]

use std::io::Read;

use fuzz::Trickle;
use lesson_00_cs_vs_bs::browser::Browser;
use lesson_00_cs_vs_bs::http::multipart::{Multipart, Part, boundary};
use libfuzzer_sys::fuzz_target;

type Parts = Vec<(Part, Vec<u8>)>;

fn parts(form: &[u8], boundary: &str, most: usize) -> (Parts, bool) {
    let mut multipart = Multipart::new(Trickle::new(form, most), boundary);
    let mut parts = Vec::new();
    loop {
        match multipart.next_part() {
            Ok(None) => return (parts, true),
            Err(_) => return (parts, false),
            Ok(Some(part)) => {
                let mut content = Vec::new();
                if multipart.read_to_end(&mut content).is_err() {
                    return (parts, false);
                }
                parts.push((part, content));
            }
        }
    }
}

fuzz_target!(|input: (u8, &str, &[u8], &[u8])| {
    let (most, name, content, raw) = input;

    // A browser's own form.
    let (media_type, form) = Browser::form(name, content);
    let own = boundary(&media_type).expect("a form has a boundary");
    let delimiter = format!("\r\n--{own}");
    let occurs = |octets: &[u8]| {
        octets
            .windows(delimiter.len())
            .any(|w| w == delimiter.as_bytes())
    };
    // Browsers escape line ends in a name, and choose a boundary that the content does not have.
    let plain = !name.contains(|c: char| c.is_control() || c == '\\') && !name.contains("%22");
    let wrapped = [b"\r\n", content, b"\r\n--"].concat();
    if plain && name.len() < 2000 && !occurs(&wrapped) {
        let part = Part {
            field: "file".into(),
            file: Some(name.into()),
        };
        let expected = (vec![(part, content.to_vec())], true);
        assert_eq!(parts(&form, own, most.into()), expected);
    }

    // Anything.
    let (whole, complete) = parts(raw, "b", usize::MAX);
    let (pieces, also) = parts(raw, "b", most.into());
    assert_eq!((&whole, complete), (&pieces, also));
    let total: usize = whole.iter().map(|(_, content)| content.len()).sum();
    assert!(total <= raw.len());
    for (part, content) in &whole {
        assert!(!content.windows(5).any(|window| window == b"\r\n--b"));
        assert!(part.field.len() <= 4096);
        assert!(
            raw.windows(content.len().max(1))
                .any(|w| content.is_empty() || w == content)
        );
    }
    if let Some(found) = std::str::from_utf8(raw).ok().and_then(boundary) {
        assert!((1..=70).contains(&found.len()));
    }
});
