//! 010 is 10.
//!
//! For you it is. For `inet_aton`, which many programs call, a leading zero means octal, and `010` is 8.
//! A text that two programs read as two addresses gets past a filter. Refuse a part that has more than
//! one digit and begins with 0.

use std::net::Ipv4Addr;

/// Reads an address in dotted decimal: exactly four parts, each one to three ASCII digits, at most 255,
/// without a leading zero. `None` for every other text.
pub fn parse(text: &str) -> Option<Ipv4Addr> {
    let mut octets = Vec::new();
    for part in text.split('.') {
        if part.is_empty() || !part.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        octets.push(part.parse::<u8>().ok()?);
    }
    if octets.len() != 4 {
        return None;
    }
    Some(Ipv4Addr::new(octets[0], octets[1], octets[2], octets[3]))
}
