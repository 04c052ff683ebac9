//! One group of zero is a run, too.
//!
//! `:0:` and `::` are of nearly equal length, so RFC 5952 §4.2.2 forbids `::` for a single group. A run
//! begins with two. Ask for the length of the longest run before you use it.

use std::net::Ipv6Addr;

/// The text of an address as RFC 5952 §4 asks: lower case, no leading zeros, and `::` for the longest run
/// of two or more groups of zero, the first of equal ones.
pub fn to_text(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let (start, length) = longest_run(&groups);
    if length == 0 {
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
        if length > longest.1 {
            longest = (index + 1 - length, length);
        }
    }
    longest
}
