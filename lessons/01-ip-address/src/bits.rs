//! The binary notation: all 32 (or 128) bits, written out.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::refusal::{Reason, Refusal};
use crate::text::Text;

// ANCHOR: table
/// The eight binary digits of every octet. There are only 256 octets, so the digits
/// of each are worked out once, when the program is compiled; writing an address is
/// then four copies.
pub const OCTETS: [[u8; 8]; 256] = {
    let mut table = [[b'0'; 8]; 256];
    let mut octet = 0;
    while octet < 256 {
        let mut place = 0;
        while place < 8 {
            // The leftmost digit has the place value 128, the rightmost 1.
            if octet & (128 >> place) != 0 {
                table[octet][place] = b'1';
            }
            place += 1;
        }
        octet += 1;
    }
    table
};

/// Writes the 32 bits of an address in four groups of eight.
pub fn dotted(address: Ipv4Addr) -> Text<35> {
    let mut text = Text::new();
    for (index, octet) in address.octets().into_iter().enumerate() {
        if index > 0 {
            text.push(b'.');
        }
        text.push_all(&OCTETS[usize::from(octet)]);
    }
    text
}
// ANCHOR_END: table

/// Writes the 128 bits of an address in eight groups of sixteen.
pub fn grouped(address: Ipv6Addr) -> Text<135> {
    let mut text = Text::new();
    for (index, octet) in address.octets().into_iter().enumerate() {
        if index > 0 && index % 2 == 0 {
            text.push(b':');
        }
        text.push_all(&OCTETS[usize::from(octet)]);
    }
    text
}

/// Reads plain binary digits as a number. The first digit stands at `at` in the whole text.
///
/// # Errors
/// Refused: no digit at all, a character that is neither 0 nor 1, more digits than `width`.
pub fn parse(digits: &[u8], at: usize, width: u8) -> Result<u128, Refusal> {
    if digits.is_empty() {
        return Err(Refusal::new(at, 1, Reason::NoDigits));
    }
    let mut value = 0_u128;
    for (place, &digit) in digits.iter().enumerate() {
        match digit {
            b'0' | b'1' if place < width.into() => value = value << 1 | u128::from(digit - b'0'),
            b'0' | b'1' => {
                let found = digits.len();
                return Err(Refusal::new(
                    at + place,
                    found - place,
                    Reason::TooManyBits { width },
                ));
            }
            _ => return Err(not_a_bit(digits, place).shifted(at)),
        }
    }
    Ok(value)
}

/// Reads groups of bits: four of eight joined by dots, or eight of sixteen joined by colons.
///
/// # Errors
/// Refused: a wrong number of groups, a group with a wrong number of digits, a character that is
/// neither 0 nor 1.
pub fn parse_groups(text: &[u8], at: usize, separator: u8, groups: u8) -> Result<u128, Refusal> {
    let size: u8 = if groups == 4 { 8 } else { 16 };
    let mut value = 0_u128;
    let mut start = 0;
    let mut found = 0;
    for group in text.split(|&character| character == separator) {
        if found == groups {
            return Err(Refusal::new(
                at + start - 1,
                text.len() - start + 1,
                Reason::TooManyBitGroups { groups },
            ));
        }
        found += 1;
        for (place, digit) in group.iter().enumerate() {
            if !matches!(digit, b'0' | b'1') {
                return Err(not_a_bit(group, place).shifted(at + start));
            }
            value = value << 1 | u128::from(digit - b'0');
        }
        if group.len() != size.into() {
            return Err(Refusal::new(
                at + start,
                group.len().max(1),
                Reason::BitGroupSize { group: found, size },
            ));
        }
        start += group.len() + 1;
    }
    if found < groups {
        return Err(Refusal::new(
            at + text.len(),
            1,
            Reason::TooFewBitGroups { found, groups },
        ));
    }
    Ok(value)
}

fn not_a_bit(digits: &[u8], place: usize) -> Refusal {
    let len = crate::ipv4::character_len(digits, place);
    Refusal::new(place, len, Reason::NotABit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn writes_the_address_of_the_lesson() {
        assert_eq!(
            dotted(Ipv4Addr::new(100, 4, 5, 6)).as_str(),
            "01100100.00000100.00000101.00000110"
        );
    }

    #[test]
    fn groups_must_be_whole() {
        use Reason::*;
        let refused = |text: &str| {
            let refusal = parse_groups(text.as_bytes(), 0, b'.', 4).unwrap_err();
            (refusal.at, refusal.len, refusal.reason)
        };
        assert_eq!(
            refused("0110010.00000100.00000101.00000110"),
            (0, 7, BitGroupSize { group: 1, size: 8 })
        );
        assert_eq!(
            refused("01100100.00000100.00000101"),
            (
                26,
                1,
                TooFewBitGroups {
                    found: 3,
                    groups: 4
                }
            )
        );
        assert_eq!(
            refused("01100100.00000100.00000101.00000110.0"),
            (35, 2, TooManyBitGroups { groups: 4 })
        );
        assert_eq!(refused("01100100.00000120.0.0"), (15, 1, NotABit));
    }

    proptest! {
        #[test]
        fn every_address_comes_back(number: u32, wide: u128) {
            let text = dotted(number.into());
            prop_assert_eq!(text.as_str().replace('.', ""), format!("{number:032b}"));
            prop_assert_eq!(parse_groups(text.as_bytes(), 0, b'.', 4), Ok(number.into()));
            let text = grouped(wide.into());
            prop_assert_eq!(text.as_str().replace(':', ""), format!("{wide:0128b}"));
            prop_assert_eq!(parse_groups(text.as_bytes(), 0, b':', 8), Ok(wide));
            prop_assert_eq!(parse(format!("{number:b}").as_bytes(), 0, 32), Ok(number.into()));
        }

        #[test]
        fn no_text_makes_them_panic(text in ".*|[01.2]*") {
            let _ = parse(text.as_bytes(), 0, 32);
            let _ = parse_groups(text.as_bytes(), 0, b'.', 4);
        }
    }
}
