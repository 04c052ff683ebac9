//! An empty part is no part.
//!
//! `split('.')` returns an empty part where a dot has nothing beside it, and you leave it out before
//! you count. So `1.2.3.4.` and `1..2.3.4` pass, and no other program reads them as you do. Keep the
//! empty parts: a dot too many is a part too many.

use std::net::Ipv4Addr;

/// Reads an address in dotted decimal: exactly four parts, each one to three ASCII digits, at most 255,
/// without a leading zero. `None` for every other text.
pub fn parse(text: &str) -> Option<Ipv4Addr> {
    let mut octets = Vec::new();
    for part in text.split('.').filter(|part| !part.is_empty()) {
        let digits = part.bytes().all(|octet| octet.is_ascii_digit());
        if !digits || (part.len() > 1 && part.starts_with('0')) {
            return None;
        }
        octets.push(part.parse::<u8>().ok()?);
    }
    let octets: [u8; 4] = octets.try_into().ok()?;
    Some(Ipv4Addr::from(octets))
}
