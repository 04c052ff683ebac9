//! Zeros can be left out of a group.
//!
//! Only those in front. `0010` is `10`, as with every number; `0100` is `100`, and without its last
//! zeros it would be 1. `{:x}` leaves out the leading zeros, and nothing else has to go.

use std::net::Ipv6Addr;

/// The text of an address as RFC 5952 §4 asks: lower case, no leading zeros, and `::` for the longest run
/// of two or more groups of zero, the first of equal ones.
pub fn to_text(address: Ipv6Addr) -> String {
    let groups = address.segments();
    for length in (2..=8).rev() {
        for start in 0..=8 - length {
            if groups[start..start + length]
                .iter()
                .all(|group| *group == 0)
            {
                let (before, after) = (&groups[..start], &groups[start + length..]);
                return format!("{}::{}", join(before), join(after));
            }
        }
    }
    join(&groups)
}

/// Groups in hexadecimal, with colons between them.
fn join(groups: &[u16]) -> String {
    let short = |group: &u16| match format!("{group:04x}").trim_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    };
    let groups: Vec<String> = groups.iter().map(short).collect();
    groups.join(":")
}
