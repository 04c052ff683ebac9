//! How text becomes bits, step by step, as a table that a hand could have written.

use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::bits::OCTETS;
use crate::{bits, ipv6};

// ANCHOR: octet
/// Explains one octet: the bits under their place values, and the sum of those
/// under a 1.
///
/// # Errors
/// Writing failed.
pub fn octet(out: &mut impl Write, octet: u8) -> io::Result<()> {
    let places = [128, 64, 32, 16, 8, 4, 2, 1_u8];
    write!(out, "  place value")?;
    for place in places {
        write!(out, "{place:>5}")?;
    }
    write!(out, "\n  bit        ")?;
    for bit in OCTETS[usize::from(octet)] {
        write!(out, "{:>5}", char::from(bit))?;
    }
    let ones: Vec<String> = places
        .iter()
        .filter(|&place| octet & place != 0)
        .map(ToString::to_string)
        .collect();
    let sum = if ones.is_empty() {
        "0".into()
    } else {
        ones.join(" + ")
    };
    writeln!(out, "\n  {octet} = {sum}")
}
// ANCHOR_END: octet

/// Explains a whole IPv4 address: each octet, then all 32 bits, then the number.
///
/// # Errors
/// Writing failed.
pub fn ipv4(out: &mut impl Write, address: Ipv4Addr) -> io::Result<()> {
    for (index, value) in address.octets().into_iter().enumerate() {
        writeln!(out, "octet {} is {value}", index + 1)?;
        octet(out, value)?;
    }
    let [a, b, c, d] = address.octets();
    let number = u32::from(address);
    writeln!(out, "all 32 bits")?;
    writeln!(out, "  {}", bits::dotted(address))?;
    writeln!(out, "as one number")?;
    writeln!(
        out,
        "  {a} × 16777216 + {b} × 65536 + {c} × 256 + {d} = {number}"
    )
}

/// Explains an IPv6 address: each group as four hexadecimal digits of four bits, then what
/// RFC 5952 leaves out.
///
/// # Errors
/// Writing failed.
pub fn ipv6(out: &mut impl Write, address: Ipv6Addr) -> io::Result<()> {
    let groups = address.segments();
    writeln!(
        out,
        "eight groups of 16 bits; one hexadecimal digit is 4 bits"
    )?;
    for (index, group) in groups.iter().enumerate() {
        write!(out, "  group {}   {group:04x}  ", index + 1)?;
        for shift in [12, 8, 4, 0] {
            write!(out, " {:04b}", group >> shift & 0xF)?;
        }
        writeln!(out)?;
    }
    writeln!(out, "how RFC 5952 writes it")?;
    writeln!(
        out,
        "  in full            {}",
        ipv6::format_in_full(address)
    )?;
    let text: Vec<String> = groups.iter().map(|group| format!("{group:x}")).collect();
    writeln!(out, "  no leading zeros   {}", text.join(":"))?;
    if address.to_ipv4_mapped().is_some() {
        return writeln!(out, "  IPv4 inside        {}", ipv6::format(address));
    }
    let gap = ipv6::longest_zero_run(&groups);
    if gap.is_empty() {
        return writeln!(
            out,
            "  no two zero groups stand together, so there is no ::"
        );
    }
    writeln!(
        out,
        "  {} zero groups, ::  {}",
        gap.len(),
        ipv6::format(address)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_octet_is_the_sum_of_its_ones() {
        let mut out = Vec::new();
        octet(&mut out, 100).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "  place value  128   64   32   16    8    4    2    1\n\
            \x20 bit            0    1    1    0    0    1    0    0\n\
            \x20 100 = 64 + 32 + 4\n"
        );
        let mut out = Vec::new();
        octet(&mut out, 0).unwrap();
        assert!(String::from_utf8(out).unwrap().ends_with("  0 = 0\n"));
    }

    #[test]
    fn the_number_is_the_sum_of_the_octets() {
        let mut out = Vec::new();
        ipv4(&mut out, Ipv4Addr::new(100, 4, 5, 6)).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("100 × 16777216 + 4 × 65536 + 5 × 256 + 6 = 1677985030\n"));
    }
}
