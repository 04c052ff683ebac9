//! A number that is too large for an octet is refused by itself.
//!
//! `as u8` keeps the lowest 8 bits and throws the others away, without a word: 256 becomes 0, and 257
//! becomes 1. Compare with 255 first, or use `u8::try_from` or `parse::<u8>`, which say when it does
//! not fit.

use std::net::Ipv4Addr;

/// Reads an address in dotted decimal: exactly four parts, each one to three ASCII digits, at most 255,
/// without a leading zero. `None` for every other text.
pub fn parse(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return None;
    }
    let mut octets = [0; 4];
    for (octet, part) in octets.iter_mut().zip(parts) {
        if part.is_empty() || (part.len() > 1 && part.starts_with('0')) {
            return None;
        }
        let mut value: u32 = 0;
        for character in part.chars() {
            if !character.is_ascii_digit() {
                return None;
            }
            value = value * 10 + character.to_digit(10)?;
        }
        *octet = value as u8;
    }
    Some(Ipv4Addr::from(octets))
}
