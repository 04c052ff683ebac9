//! A run of zeros ends at the next group that is not zero.
//!
//! Or at the end of the address: in `fe80::` no group follows. You look at a run when another group comes,
//! so the last one is never looked at. Compare with the longest at each zero, or once more after the loop.

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
    let (mut start, mut longest) = (0, 0);
    let mut length = 0;
    for (index, group) in groups.iter().enumerate() {
        if *group == 0 {
            length += 1;
            continue;
        }
        if length > longest {
            start = index - length;
            longest = length;
        }
        length = 0;
    }
    (start, longest)
}
