//! Refuse what is no address.

use std::net::Ipv4Addr;

/// Reads an address in dotted decimal: exactly four parts, each one to three ASCII digits, at most 255,
/// without a leading zero. `None` for every other text.
pub fn parse(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.split('.').collect();
    let [a, b, c, d] = parts[..] else {
        return None;
    };
    Some(Ipv4Addr::new(octet(a)?, octet(b)?, octet(c)?, octet(d)?))
}

fn octet(part: &str) -> Option<u8> {
    let digits = part.bytes().all(|octet| octet.is_ascii_digit());
    let leading_zero = part.len() > 1 && part.starts_with('0');
    if !digits || leading_zero {
        return None;
    }
    // Without digits, or above 255, this is an error.
    part.parse().ok()
}
