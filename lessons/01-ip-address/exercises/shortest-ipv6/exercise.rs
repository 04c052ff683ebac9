//! The one form of an IPv6 address. The task is in `task.md`.

use std::net::Ipv6Addr;

/// The text of an address as RFC 5952 §4 asks: lower case, no leading zeros, and `::` for the longest run
/// of two or more groups of zero, the first of equal ones.
pub fn to_text(address: Ipv6Addr) -> String {
    // All eight groups: right, and long.
    join(&address.segments())
}

/// Groups in hexadecimal, with colons between them.
fn join(groups: &[u16]) -> String {
    let groups: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
    groups.join(":")
}
