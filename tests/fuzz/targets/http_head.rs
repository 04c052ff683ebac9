//! The head of an HTTP request, and what decides where its body ends.
//!
//! Oracle: a second reading of the same octets, line by line, which looks only for what can be
//! smuggled (RFC 9112 §6.3, §11.2).
#![no_main]

use fuzz::{Trickle, assert_harmless, unread};
use lesson_00_cs_vs_bs::http::guard;
use lesson_00_cs_vs_bs::http::head::{
    Framing, Head, Incoming, LONGEST_HEAD, MOST_FIELDS, read_head,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (most, data) = input;
    let mut whole = data;
    let read = read_head(&mut whole).expect("a slice does not fail");
    let taken = data.len() - whole.len();
    // Empty lines may stand before it, as many as come.
    let blank = |octets: &&u8| b"\r\n".contains(*octets);
    assert!(taken <= LONGEST_HEAD + data.iter().take_while(blank).count());

    // The pieces it arrives in change nothing.
    let mut wire = Trickle::buffered(data, most.into());
    let again = read_head(&mut wire).expect("a slice does not fail");
    assert_eq!(format!("{read:?}"), format!("{again:?}"));
    assert_eq!(unread(&wire), whole);

    match read {
        Incoming::Head(head) => judge(&data[..taken], &head),
        Incoming::End => assert!(data[..taken].iter().all(|octet| b"\r\n".contains(octet))),
        Incoming::Refused(refusal) => {
            assert!((400..600).contains(&refusal.status));
            assert_harmless(&refusal.to_string(), &[]);
        }
    }
});

fn judge(octets: &[u8], head: &Head) {
    assert!(octets.len() <= LONGEST_HEAD * 2 && octets.ends_with(b"\n"));
    for text in [&head.method, &head.target] {
        assert!(!text.is_empty() && text.bytes().all(|octet| octet > b' ' && octet != 0x7f));
    }
    let lines: Vec<&[u8]> = octets
        .split(|octet| *octet == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .skip_while(|line| line.is_empty())
        .collect();
    let fields = &lines[1..];
    let named = |name: &str| {
        let mut values = Vec::new();
        for field in fields {
            let Some(colon) = field.iter().position(|octet| *octet == b':') else {
                continue;
            };
            if field[..colon]
                .trim_ascii()
                .eq_ignore_ascii_case(name.as_bytes())
            {
                values.push(field[colon + 1..].trim_ascii());
            }
        }
        values
    };
    assert!(fields.iter().filter(|field| !field.is_empty()).count() <= MOST_FIELDS);
    // Nothing that another program could take for a field or for the continuation of one.
    for field in fields.iter().filter(|field| !field.is_empty()) {
        assert!(
            !field.starts_with(b" ") && !field.starts_with(b"\t"),
            "{field:?}"
        );
        assert!(!field.contains(&b'\r') && !field.contains(&0), "{field:?}");
    }
    let (lengths, codings) = (named("content-length"), named("transfer-encoding"));
    match head.framing {
        Framing::None => assert!(lengths.is_empty() && codings.is_empty()),
        Framing::Length(length) => {
            assert!(codings.is_empty());
            let [digits] = lengths[..] else {
                panic!("{lengths:?}");
            };
            assert!(digits.iter().all(u8::is_ascii_digit));
            let digits = std::str::from_utf8(digits).expect("digits");
            assert_eq!(digits.parse(), Ok(length));
        }
        Framing::Chunked => {
            assert!(lengths.is_empty());
            let [coding] = codings[..] else {
                panic!("{codings:?}");
            };
            assert!(coding.eq_ignore_ascii_case(b"chunked"));
        }
    }
    let version_1_1 = lines[0].ends_with(b"HTTP/1.1");
    assert!(version_1_1 || lines[0].ends_with(b"HTTP/1.0"));
    if version_1_1 {
        assert_eq!(named("host").len(), 1);
        assert!(head.host.is_some());
    }
    // A change that a browser was tricked into does not pass.
    let others = ["origin", "sec-fetch-site"].map(named);
    let from_elsewhere = others[0]
        .iter()
        .any(|origin| *origin == b"http://evil.example")
        || others[1].iter().any(|site| *site == b"cross-site");
    let changes = !matches!(head.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let host_is_evil = head.host.as_deref() == Some("evil.example");
    if changes && from_elsewhere || host_is_evil {
        assert!(guard::check(head, &[]).is_err());
    }
}
