//! Spaces around a text mean nothing.
//!
//! To you. The program behind yours may stop at the space, refuse the text, or take the space for a part
//! of it, and then the two of you read different things. Trim where text comes from a person, such as a
//! line typed in. A parser refuses what is not in its rules.

use std::net::Ipv4Addr;

/// Reads an address in dotted decimal: exactly four parts, each one to three ASCII digits, at most 255,
/// without a leading zero. `None` for every other text.
pub fn parse(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.trim().split('.').collect();
    let [a, b, c, d] = parts.as_slice() else {
        return None;
    };
    Some(Ipv4Addr::new(octet(a)?, octet(b)?, octet(c)?, octet(d)?))
}

fn octet(part: &str) -> Option<u8> {
    if !part.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    if part != "0" && part.starts_with('0') {
        return None;
    }
    part.parse().ok()
}
