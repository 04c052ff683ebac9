//! Each run of zeros becomes `::`.
//!
//! With two of them nobody knows how many groups each stands for: 2001::1::1 may be four different addresses,
//! and every parser refuses it. `::` stands once, and the reader fills up to eight groups.

use std::net::Ipv6Addr;

/// The text of an address as RFC 5952 §4 asks: lower case, no leading zeros, and `::` for the longest run
/// of two or more groups of zero, the first of equal ones.
pub fn to_text(address: Ipv6Addr) -> String {
    let groups = address.segments();
    let mut text = String::new();
    let mut index = 0;
    while index < 8 {
        let length = groups[index..].iter().take_while(|g| **g == 0).count();
        if length >= 2 {
            text.push_str("::");
            index += length;
            continue;
        }
        if !text.is_empty() && !text.ends_with("::") {
            text.push(':');
        }
        text.push_str(&format!("{:x}", groups[index]));
        index += 1;
    }
    text
}
