//! Many addresses, one a line, in whatever pieces they arrive.
//!
//! Oracle: each line read by itself.
#![no_main]

use std::io::{self, Write};

use fuzz::Trickle;
use lesson_01_ip_address::bulk::{self, Watch};
use lesson_01_ip_address::refusal::Refusal;
use lesson_01_ip_address::{bits, notation};
use libfuzzer_sys::fuzz_target;

#[derive(Default)]
struct Seen {
    refused: Vec<(u64, Vec<u8>)>,
    octets: u64,
}

impl Watch for Seen {
    fn refused(&mut self, line: u64, text: &[u8], _: Refusal) -> io::Result<()> {
        self.refused.push((line, text.to_vec()));
        Ok(())
    }

    fn progress(&mut self, octets: u64) -> io::Result<()> {
        self.octets = octets;
        Ok(())
    }
}

/// As `ip-demo` converts a line.
fn convert(line: &[u8], out: &mut Vec<u8>) -> Result<(), Refusal> {
    if !bulk::dotted_to_binary(line, out) {
        let given = notation::read(line, false)?;
        writeln!(out, "{}", given.address).expect("a vector takes all");
    }
    Ok(())
}

fuzz_target!(|input: (u8, &[u8])| {
    let (most, data) = input;
    let (mut out, mut seen) = (Vec::new(), Seen::default());
    let trickle = Trickle::new(data, most.into());
    let count = match bulk::run(trickle, &mut out, convert, &mut seen) {
        Ok(count) => count,
        Err(error) => {
            // Only UTF-16 ends a run.
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(data.starts_with(b"\xff\xfe") || data.starts_with(b"\xfe\xff"));
            return;
        }
    };
    let text = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let (mut expected, mut refused, mut lines) = (Vec::new(), Vec::new(), 0);
    // The mark alone is a line, an empty one.
    let whole = if data.is_empty() { &[][..] } else { text };
    let all = whole.split_inclusive(|octet| *octet == b'\n');
    let all: Vec<&[u8]> = match whole {
        [] if !data.is_empty() => vec![b""],
        _ => all.collect(),
    };
    for line in all {
        lines += 1;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match std::str::from_utf8(line)
            .ok()
            .and_then(|line| line.parse::<std::net::Ipv4Addr>().ok())
        {
            Some(address) => writeln!(expected, "{}", bits::dotted(address).as_str()).unwrap(),
            None => match notation::read(line, false) {
                Ok(given) => writeln!(expected, "{}", given.address).unwrap(),
                Err(_) => refused.push((lines, line.to_vec())),
            },
        }
    }
    assert_eq!(out, expected);
    assert_eq!(seen.octets, data.len() as u64);
    assert_eq!((count.lines, count.refused), (lines, refused.len() as u64));
    assert_eq!(seen.refused, refused);
});
