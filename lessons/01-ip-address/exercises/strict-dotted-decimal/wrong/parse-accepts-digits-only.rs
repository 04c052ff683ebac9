//! `parse::<u8>` accepts digits and nothing else.
//!
//! It accepts a plus sign in front as well: `+1` is 1 for it. What a function accepts stands in its
//! documentation, and it is seldom exactly what your rules allow. Look at the characters yourself before
//! you call it.

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
        if part.len() > 1 && part.starts_with('0') {
            return None;
        }
        *octet = part.parse().ok()?;
    }
    Some(Ipv4Addr::from(octets))
}
