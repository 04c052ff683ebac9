//! The body of an HTTP request: a length, or chunks.
//!
//! Oracles: chunks that the target itself has written; for any octets, a second decoder that sees
//! them all at once.
#![no_main]

use std::io::Read;

use fuzz::{Trickle, unread};
use lesson_00_cs_vs_bs::http::body::Body;
use lesson_00_cs_vs_bs::http::head::Framing;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    most: u8,
    length: u16,
    chunks: Vec<(&'a [u8], bool)>,
    trailers: u8,
    raw: &'a [u8],
}

fuzz_target!(|input: Input| {
    lengths(&input);
    written(&input);
    raw(&input);
});

fn body(octets: &[u8], most: u8, framing: Framing) -> (Result<Vec<u8>, ()>, Vec<u8>) {
    let mut wire = Trickle::buffered(octets, most.into());
    let mut body = Body::new(&mut wire, framing, false);
    let mut content = Vec::new();
    let read = body.read_to_end(&mut content);
    let complete = body.is_complete();
    // Discarding what is left of a complete body takes nothing of the next request.
    if complete {
        assert!(body.discard_rest());
    }
    assert_eq!(read.is_ok(), complete);
    (read.map(|_| content).map_err(drop), unread(&wire))
}

fn lengths(input: &Input) {
    let length = usize::from(input.length) % 512;
    let (content, rest) = body(input.raw, input.most, Framing::Length(length as u64));
    if length <= input.raw.len() {
        assert_eq!(content.as_deref(), Ok(&input.raw[..length]));
        assert_eq!(rest, &input.raw[length..]);
    } else {
        assert_eq!(content, Err(()));
    }
}

fn written(input: &Input) {
    let (mut octets, mut content) = (Vec::new(), Vec::new());
    for (chunk, extended) in input.chunks.iter().filter(|(chunk, _)| !chunk.is_empty()) {
        let extension = if *extended { ";name=\"value\"" } else { "" };
        octets.extend(format!("{:x}{extension}\r\n", chunk.len()).bytes());
        octets.extend(*chunk);
        octets.extend(b"\r\n");
        content.extend(*chunk);
    }
    octets.extend(b"0\r\n");
    for _ in 0..input.trailers % 8 {
        octets.extend(b"Name: value\r\n");
    }
    octets.extend(b"\r\n");
    let end = octets.len();
    octets.extend(input.raw);
    let (read, rest) = body(&octets, input.most, Framing::Chunked);
    assert_eq!(read, Ok(content));
    assert_eq!(rest, octets[end..]);
}

fn raw(input: &Input) {
    let (read, rest) = body(input.raw, input.most, Framing::Chunked);
    match chunked(input.raw) {
        Some((content, after)) => {
            assert_eq!(read, Ok(content));
            assert_eq!(rest, after);
        }
        None => assert_eq!(read, Err(())),
    }
}

/// RFC 9112 §7.1, with this server's limits: lines of 512 octets, 64 lines of trailers.
fn chunked(mut wire: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut content = Vec::new();
    loop {
        let head = line(&mut wire)?;
        let digits = head.split(';').next()?.trim_end();
        if digits.is_empty() || !digits.bytes().all(|octet| octet.is_ascii_hexdigit()) {
            return None;
        }
        let length = u64::from_str_radix(digits, 16).ok()?;
        if length == 0 {
            for _ in 0..64 {
                if line(&mut wire)?.is_empty() {
                    return Some((content, wire));
                }
            }
            return None;
        }
        let (chunk, rest) = wire.split_at_checked(usize::try_from(length).ok()?)?;
        content.extend(chunk);
        wire = rest.strip_prefix(b"\r\n")?;
    }
}

fn line<'a>(wire: &mut &'a [u8]) -> Option<&'a str> {
    let end = wire.iter().take(512).position(|octet| *octet == b'\n')?;
    let (line, rest) = wire.split_at(end + 1);
    *wire = rest;
    std::str::from_utf8(line.strip_suffix(b"\r\n")?).ok()
}
