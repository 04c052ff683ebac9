//! A character that is numeric is one of 0 to 9.
//!
//! `char::is_numeric` says yes to hundreds of characters: `４`, `٤`, `½`. `parse` knows only ten of them,
//! and your `expect` panics. Ask with `is_ascii_digit`, and let text that comes from elsewhere never
//! reach an `expect`.

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
        let digits = part.chars().all(char::is_numeric);
        let leading_zero = part.len() > 1 && part.starts_with('0');
        if part.is_empty() || part.len() > 3 || !digits || leading_zero {
            return None;
        }
        let value: u32 = part.parse().expect("these are digits");
        *octet = u8::try_from(value).ok()?;
    }
    Some(Ipv4Addr::from(octets))
}
