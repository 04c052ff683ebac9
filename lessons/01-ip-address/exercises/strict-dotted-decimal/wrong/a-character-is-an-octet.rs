//! A character is one octet.
//!
//! `&part[..1]` is the first octet of the text, not its first character. `é` is two octets in UTF-8, and
//! Rust panics rather than cut it in two: a text that comes from elsewhere ends your program. Ask with
//! `starts_with`, or look at `as_bytes()`, where cutting is allowed.

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
        if part.len() > 1 && &part[..1] == "0" {
            return None;
        }
        if part.is_empty() || !part.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        *octet = part.parse().ok()?;
    }
    Some(Ipv4Addr::from(octets))
}
