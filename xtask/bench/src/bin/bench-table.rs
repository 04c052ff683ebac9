//! The bare loop that `ip-demo` is held beside: dotted decimal on standard input, bits on standard
//! output, a table of 256 texts, and nothing else. It checks each line strictly, and stops at the first
//! one that is no address.

use std::io::{self, Read, Write};
use std::process::ExitCode;

/// Octets that are read at once.
const PIECE: usize = 128 * 1024;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let table = table();
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut piece = vec![0; PIECE];
    let mut bits = Vec::with_capacity(5 * PIECE);
    let mut filled = 0;
    loop {
        let read = input.read(&mut piece[filled..])?;
        filled += read;
        let mut done = 0;
        while let Some(length) = piece[done..filled].iter().position(|&octet| octet == b'\n') {
            let octets = parse(&piece[done..done + length]).ok_or(io::ErrorKind::InvalidData)?;
            for (octet, end) in octets.iter().zip(*b"...\n") {
                bits.extend_from_slice(&table[usize::from(*octet)]);
                bits.push(end);
            }
            done += length + 1;
        }
        output.write_all(&bits)?;
        bits.clear();
        if read == 0 {
            // A file ends with a line end.
            return if filled == 0 {
                Ok(())
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
        piece.copy_within(done..filled, 0);
        filled -= done;
    }
}

/// The eight digits of each octet.
fn table() -> [[u8; 8]; 256] {
    std::array::from_fn(|octet| {
        std::array::from_fn(|place| {
            if octet >> (7 - place) & 1 == 1 {
                b'1'
            } else {
                b'0'
            }
        })
    })
}

/// Four numbers of one to three digits, at most 255, without leading zeros, with dots between.
fn parse(line: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0_u8; 4];
    let mut index = 0;
    let (mut value, mut digits) = (0_u16, 0);
    for &octet in line {
        match octet {
            b'0'..=b'9' => {
                if digits > 0 && value == 0 {
                    return None;
                }
                value = value * 10 + u16::from(octet - b'0');
                digits += 1;
                if value > 255 {
                    return None;
                }
            }
            b'.' if digits > 0 && index < 3 => {
                octets[index] = u8::try_from(value).ok()?;
                index += 1;
                (value, digits) = (0, 0);
            }
            _ => return None,
        }
    }
    if index != 3 || digits == 0 {
        return None;
    }
    octets[3] = u8::try_from(value).ok()?;
    Some(octets)
}
