//! Dotted decimal: four octets, each a decimal number from 0 to 255, joined by dots.
//!
//! RFC 6943 §3.1.1 tells the strict form (what `inet_pton` of POSIX reads) from the loose ones of
//! `inet_aton`. Only the strict form is read here: exactly four octets, ASCII digits, no sign, no
//! leading zero.

use std::net::Ipv4Addr;

use crate::refusal::{Reason, Refusal};
use crate::text::Text;

// ANCHOR: parse
/// Reads an IPv4 address in strict dotted decimal.
///
/// # Errors
/// A [`Refusal`] that points at the first octet that is wrong and says why.
pub fn parse(text: &[u8]) -> Result<Ipv4Addr, Refusal> {
    if text.is_empty() {
        return Err(Refusal::new(0, 1, Reason::Empty));
    }
    let mut octets = [0; 4];
    let mut at = 0;
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            at = dot(text, at, index)?;
        }
        (*octet, at) = read_octet(text, at, index)?;
    }
    if at == text.len() {
        Ok(Ipv4Addr::from(octets))
    } else {
        Err(after_the_last_octet(text, at))
    }
}
// ANCHOR_END: parse

// ANCHOR: octet
/// Reads the octet that begins at `at`: one to three digits. Returns it and the
/// place after it.
#[inline]
fn read_octet(text: &[u8], at: usize, index: usize) -> Result<(u8, usize), Refusal> {
    let digit = |place: usize| match text.get(place) {
        Some(character @ b'0'..=b'9') => Some(u16::from(character - b'0')),
        _ => None,
    };
    let Some(first) = digit(at) else {
        return Err(no_octet(text, at, index));
    };
    let mut value = first;
    let mut end = at + 1;
    while let Some(next) = digit(end) {
        value = value * 10 + next;
        end += 1;
        // Two faults are found here, at the second digit or later: `01` and `256`.
        // Stopping at the first value over 255 also keeps the sum far below the
        // largest u16.
        if first == 0 || value > 255 {
            return Err(bad_digits(text, at, index));
        }
    }
    // The loop ends with a value of at most 255, so nothing is cut off.
    Ok((value.to_le_bytes()[0], end))
}
// ANCHOR_END: octet

/// Steps over the dot that must stand before octet `index`.
#[inline]
fn dot(text: &[u8], at: usize, index: usize) -> Result<usize, Refusal> {
    if text.get(at) == Some(&b'.') {
        Ok(at + 1)
    } else {
        Err(no_dot(text, at, index))
    }
}

// What follows runs only for text that is refused. `#[cold]` tells the compiler so: it keeps these
// out of the way of the path that a million good addresses take.

/// No digit stands where an octet must begin.
#[cold]
fn no_octet(text: &[u8], at: usize, index: usize) -> Refusal {
    let octet = ordinal(index);
    match text.get(at) {
        None | Some(b'.') => Refusal::new(at, 1, Reason::EmptyOctet { octet }),
        Some(_) => Refusal::new(at, character_len(text, at), Reason::NotADigit { octet }),
    }
}

/// The digits from `at` are no octet: they begin with 0, or are more than 255.
#[cold]
fn bad_digits(text: &[u8], at: usize, index: usize) -> Refusal {
    let octet = ordinal(index);
    let len = text[at..]
        .iter()
        .take_while(|character| character.is_ascii_digit())
        .count();
    let reason = if text[at] == b'0' {
        Reason::LeadingZero { octet }
    } else {
        Reason::OctetTooLarge { octet }
    };
    Refusal::new(at, len, reason)
}

/// The text ends, or goes on with something that is no dot, before octet `index`.
#[cold]
fn no_dot(text: &[u8], at: usize, index: usize) -> Refusal {
    if at == text.len() {
        return Refusal::new(
            at,
            1,
            Reason::TooFewOctets {
                found: ordinal(index - 1),
            },
        );
    }
    let octet = ordinal(index - 1);
    Refusal::new(at, character_len(text, at), Reason::NotADigit { octet })
}

/// Four octets have been read and text is left.
#[cold]
fn after_the_last_octet(text: &[u8], at: usize) -> Refusal {
    match text[at] {
        b'.' if text.get(at + 1).is_some_and(u8::is_ascii_digit) => {
            Refusal::new(at, text.len() - at, Reason::TooManyOctets)
        }
        _ => Refusal::new(at, text.len() - at, Reason::Trailing),
    }
}

/// The number that people give an octet: the first is 1.
fn ordinal(index: usize) -> u8 {
    u8::try_from(index + 1).unwrap_or(u8::MAX)
}

/// How many octets the UTF-8 character at `at` has, so that the caret covers the whole of it.
pub(crate) fn character_len(text: &[u8], at: usize) -> usize {
    1 + text[at + 1..]
        .iter()
        .take(3)
        .take_while(|octet| (0x80..0xC0).contains(*octet))
        .count()
}

// ANCHOR: format
/// Writes an address in dotted decimal. The longest text, `255.255.255.255`, has 15
/// characters.
pub fn format(address: Ipv4Addr) -> Text<15> {
    let mut text = Text::new();
    for (index, octet) in address.octets().into_iter().enumerate() {
        if index > 0 {
            text.push(b'.');
        }
        // No leading zeros: a digit is written when it, or one before it, is not 0.
        if octet >= 100 {
            text.push(b'0' + octet / 100);
        }
        if octet >= 10 {
            text.push(b'0' + octet / 10 % 10);
        }
        text.push(b'0' + octet % 10);
    }
    text
}
// ANCHOR_END: format

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> (usize, usize, Reason) {
        let refusal = parse(text.as_bytes()).unwrap_err();
        (refusal.at, refusal.len, refusal.reason)
    }

    #[test]
    fn reads_the_address_of_the_lesson() {
        let address = parse(b"100.4.5.6").unwrap();
        assert_eq!(u32::from(address), 1_677_985_030);
    }

    #[test]
    fn says_which_octet_and_why() {
        use Reason::*;
        assert_eq!(refused(""), (0, 1, Empty));
        assert_eq!(refused(" "), (0, 1, NotADigit { octet: 1 }));
        assert_eq!(refused("256.1.1.1"), (0, 3, OctetTooLarge { octet: 1 }));
        assert_eq!(refused("1.2.3.99999"), (6, 5, OctetTooLarge { octet: 4 }));
        assert_eq!(refused("1.2.3"), (5, 1, TooFewOctets { found: 3 }));
        assert_eq!(refused("1.2.3."), (6, 1, EmptyOctet { octet: 4 }));
        assert_eq!(refused("1.2.3.4.5"), (7, 2, TooManyOctets));
        assert_eq!(refused("1.2.3.4."), (7, 1, Trailing));
        assert_eq!(refused("01.2.3.4"), (0, 2, LeadingZero { octet: 1 }));
        assert_eq!(refused("1.2.003.4"), (4, 3, LeadingZero { octet: 3 }));
        assert_eq!(refused("08.1.1.1"), (0, 2, LeadingZero { octet: 1 }));
        assert_eq!(refused("1..2.3"), (2, 1, EmptyOctet { octet: 2 }));
        assert_eq!(refused("+1.2.3.4"), (0, 1, NotADigit { octet: 1 }));
        assert_eq!(refused("1.2.3.-4"), (6, 1, NotADigit { octet: 4 }));
        assert_eq!(refused("0x7f.1"), (1, 1, NotADigit { octet: 1 }));
        assert_eq!(refused("1.2.3.\u{FF14}"), (6, 3, NotADigit { octet: 4 }));
        assert_eq!(refused("\u{661}.2.3.4"), (0, 2, NotADigit { octet: 1 }));
        assert_eq!(refused("100.4.5.6 "), (9, 1, Trailing));
        assert_eq!(refused("100.4.5.6\n"), (9, 1, Trailing));
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_standard_library_reads_it(text in ".*") {
            prop_assert_eq!(parse(text.as_bytes()).ok(), text.parse().ok());
        }

        #[test]
        fn any_address_is_written_as_the_standard_library_writes_it(bits: u32) {
            let address = Ipv4Addr::from(bits);
            let text = address.to_string();
            let ours = format(address);
            prop_assert_eq!(ours.as_str(), text.as_str());
            prop_assert_eq!(parse(text.as_bytes()), Ok(address));
        }

        // Random text is hardly ever an address, so most of it is refused at the first character.
        // One or two small changes to a good address reach every branch.
        #[test]
        fn near_misses_are_read_as_the_standard_library_reads_them(
            octets in proptest::collection::vec("[0-9]{1,3}|25[0-9]|0[0-9]", 3..6),
            changes in proptest::collection::vec((any::<usize>(), "[0-9.+xX: /-]|\u{FF14}|\u{661}", 0..3u8), 0..3),
        ) {
            let mut text = octets.join(".");
            for (place, piece, what) in changes {
                let mut characters: Vec<char> = text.chars().collect();
                let place = place % (characters.len() + 1);
                let new = piece.chars().next().unwrap();
                match what {
                    0 => characters.insert(place, new),
                    1 if place < characters.len() => { characters.remove(place); }
                    _ if place < characters.len() => characters[place] = new,
                    _ => {}
                }
                text = characters.into_iter().collect();
            }
            let ours = parse(text.as_bytes());
            prop_assert_eq!(ours.ok(), text.parse().ok(), "{}", text);
            if let Err(refusal) = ours {
                prop_assert!(refusal.at <= text.len());
                prop_assert!(text.is_char_boundary(refusal.at), "{}", text);
            }
        }
    }
}
