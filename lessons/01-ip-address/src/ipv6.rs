//! IPv6 text: eight groups of sixteen bits in hexadecimal, joined by colons (RFC 4291 §2.2), and the
//! one form of each address that programs should write (RFC 5952).

use std::net::Ipv6Addr;
use std::ops::Range;

use crate::ipv4::{self, character_len};
use crate::refusal::{Reason, Refusal};
use crate::text::Text;

/// Reads an IPv6 address as RFC 4291 §2.2 allows it: in full, with one `::` that stands for one or
/// more groups of zeros, and with the last 32 bits in dotted decimal.
///
/// # Errors
/// A [`Refusal`] that points at the first group that is wrong and says why.
pub fn parse(text: &[u8]) -> Result<Ipv6Addr, Refusal> {
    let mut groups = [0_u16; 8];
    let mut count = 0; // groups read so far
    let mut gap = None; // how many groups stood before the `::`
    let mut at = 0;
    if text.starts_with(b"::") {
        gap = Some(0);
        at = 2;
    }
    while at < text.len() || gap != Some(count) {
        at = read_group(text, at, &mut groups, &mut count)?;
        if at == text.len() {
            break;
        }
        at = colon(text, at)?;
        if text.get(at) == Some(&b':') {
            if gap.replace(count).is_some() {
                return Err(Refusal::new(at - 1, 2, Reason::SecondGap));
            }
            at += 1;
        }
    }
    match gap {
        None if count == 8 => {}
        None => return Err(Refusal::new(at, 1, Reason::TooFewGroups { found: count })),
        Some(_) if count == 8 => {
            let place = text.windows(2).position(|pair| pair == b"::");
            let at = place.unwrap_or_default();
            return Err(Refusal::new(at, 2, Reason::GapOfNothing));
        }
        Some(before) => {
            // The groups after the `::` move to the end, the gap is filled with zeros.
            groups[before.into()..].rotate_right(usize::from(8 - count));
        }
    }
    Ok(Ipv6Addr::from(groups))
}

/// Reads the group at `at`, or the dotted decimal that stands for the last two groups. Returns the
/// place after it.
fn read_group(
    text: &[u8],
    at: usize,
    groups: &mut [u16; 8],
    count: &mut u8,
) -> Result<usize, Refusal> {
    let group = *count + 1;
    let mut value = 0_u32;
    let mut end = at;
    while let Some(digit) = text.get(end).and_then(|&c| char::from(c).to_digit(16)) {
        if end - at == 4 {
            let more = text[at..].iter().take_while(|c| c.is_ascii_hexdigit());
            return Err(Refusal::new(
                at,
                more.count(),
                Reason::GroupTooLong { group },
            ));
        }
        value = value << 4 | digit;
        end += 1;
    }
    if end > at && text.get(end) == Some(&b'.') {
        return read_dotted(text, at, groups, count);
    }
    if end == at {
        return Err(match text.get(at) {
            None if text.is_empty() => Refusal::new(0, 1, Reason::Empty),
            None => Refusal::new(at - 1, 1, Reason::LoneColon),
            Some(b':') if at == 0 => Refusal::new(0, 1, Reason::LoneColon),
            Some(b':') => Refusal::new(at, 1, Reason::SecondGap),
            Some(_) => Refusal::new(at, character_len(text, at), Reason::NotHex { group }),
        });
    }
    let Some(place) = groups.get_mut(usize::from(*count)) else {
        return Err(Refusal::new(at, text.len() - at, Reason::TooManyGroups));
    };
    // Four hexadecimal digits are sixteen bits.
    *place = u16::try_from(value).unwrap_or_default();
    *count += 1;
    Ok(end)
}

/// Reads the last 32 bits, written in dotted decimal: `::ffff:192.0.2.1`.
fn read_dotted(
    text: &[u8],
    at: usize,
    groups: &mut [u16; 8],
    count: &mut u8,
) -> Result<usize, Refusal> {
    let [a, b, c, d] = ipv4::parse(&text[at..])
        .map_err(|refusal| refusal.shifted(at))?
        .octets();
    let first = usize::from(*count);
    let Some(places) = groups.get_mut(first..first + 2) else {
        return Err(Refusal::new(at, text.len() - at, Reason::TooManyGroups));
    };
    places[0] = u16::from_be_bytes([a, b]);
    places[1] = u16::from_be_bytes([c, d]);
    *count += 2;
    Ok(text.len())
}

/// Steps over the colon that must stand between two groups.
fn colon(text: &[u8], at: usize) -> Result<usize, Refusal> {
    if text[at] == b':' {
        Ok(at + 1)
    } else {
        Err(Refusal::new(at, character_len(text, at), Reason::NotInIpv6))
    }
}

/// Writes an address as RFC 5952 asks: lower case, no leading zeros, and `::` for the longest run of
/// two or more zero groups (the first of equal runs).
pub fn format(address: Ipv6Addr) -> Text<39> {
    let mut text = Text::new();
    if let Some(mapped) = address.to_ipv4_mapped() {
        // RFC 5952 §5: these 32 bits are an IPv4 address, so they are written as one.
        text.push_all(b"::ffff:");
        text.push_all(ipv4::format(mapped).as_bytes());
        return text;
    }
    let groups = address.segments();
    let gap = longest_zero_run(&groups);
    let mut index = 0;
    while index < 8 {
        if index == gap.start && !gap.is_empty() {
            text.push_all(b"::");
            index = gap.end;
            continue;
        }
        if index > 0 && index != gap.end {
            text.push(b':');
        }
        push_hex(&mut text, groups[index]);
        index += 1;
    }
    text
}

// ANCHOR: gap
/// The groups that `::` stands for. Empty when there is no run of at least two (RFC
/// 5952 §4.2.2).
pub fn longest_zero_run(groups: &[u16; 8]) -> Range<usize> {
    let mut longest = 0..0;
    let mut start = 0;
    for end in 1..=8 {
        if groups[end - 1] != 0 {
            start = end;
        } else if end - start >= 2 && end - start > longest.len() {
            longest = start..end;
        }
    }
    longest
}
// ANCHOR_END: gap

/// Appends a group without leading zeros (RFC 5952 §4.1), in lower case (§4.3).
fn push_hex(text: &mut Text<39>, group: u16) {
    let digits = hex4(group);
    let zeros = digits.iter().take(3).take_while(|&&digit| digit == b'0');
    text.push_all(&digits[zeros.count()..]);
}

/// The four hexadecimal digits of a group.
fn hex4(group: u16) -> [u8; 4] {
    [12, 8, 4, 0].map(|shift| b"0123456789abcdef"[usize::from(group >> shift & 0xF)])
}

/// Writes all 32 hexadecimal digits: `2001:0db8:0000:0000:0000:0000:0000:0001`.
pub fn format_in_full(address: Ipv6Addr) -> Text<39> {
    let mut text = Text::new();
    for (index, group) in address.segments().into_iter().enumerate() {
        if index > 0 {
            text.push(b':');
        }
        text.push_all(&hex4(group));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> (usize, usize, Reason) {
        let refusal = parse(text.as_bytes()).unwrap_err();
        (refusal.at, refusal.len, refusal.reason)
    }

    #[test]
    fn says_which_group_and_why() {
        use Reason::*;
        assert_eq!(refused(""), (0, 1, Empty));
        assert_eq!(refused(":1:2:3:4:5:6:7"), (0, 1, LoneColon));
        assert_eq!(refused("1:2:3:4:5:6:7:"), (13, 1, LoneColon));
        assert_eq!(refused("1:2:3"), (5, 1, TooFewGroups { found: 3 }));
        assert_eq!(refused("1:2:3:4:5:6:7:8:9"), (16, 1, TooManyGroups));
        assert_eq!(refused("1::2::3"), (4, 2, SecondGap));
        assert_eq!(refused(":::"), (2, 1, SecondGap));
        assert_eq!(refused("1:::2"), (3, 1, SecondGap));
        assert_eq!(refused("1:2:3:4::5:6:7:8"), (7, 2, GapOfNothing));
        assert_eq!(refused("12345::"), (0, 5, GroupTooLong { group: 1 }));
        assert_eq!(refused("1:g::"), (2, 1, NotHex { group: 2 }));
        assert_eq!(refused("fe80::1%eth0"), (7, 1, NotInIpv6));
        assert_eq!(
            refused("::ffff:256.1.1.1"),
            (7, 3, OctetTooLarge { octet: 1 })
        );
        assert_eq!(refused("::ffff:1.02.3.4"), (9, 2, LeadingZero { octet: 2 }));
        assert_eq!(refused("1:2:3:4:5:6:7:1.2.3.4"), (14, 7, TooManyGroups));
    }

    #[test]
    fn writes_what_rfc_5952_asks_for() {
        for (long, short) in [
            ("0:0:0:0:0:0:0:0", "::"),
            ("2001:0DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), // one group: no `::`
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),          // the longer run
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),    // the first of two equal runs
            ("::ffff:c000:201", "::ffff:192.0.2.1"),
            ("1:0:0:0:0:0:0:0", "1::"),
        ] {
            assert_eq!(
                format(parse(long.as_bytes()).unwrap()).as_str(),
                short,
                "{long}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_standard_library_reads_it(text in ".*") {
            prop_assert_eq!(parse(text.as_bytes()).ok(), text.parse().ok());
        }

        #[test]
        fn text_of_colons_and_digits_is_read_as_the_standard_library_reads_it(
            text in "[0-9a-fA-F:]{0,45}|([0-9a-fg]{0,5}:{1,2}){0,9}([0-9a-f]{0,5}|1.2.3.4|1.2.3.256|01.2.3.4)"
        ) {
            let ours = parse(text.as_bytes());
            prop_assert_eq!(ours.ok(), text.parse().ok(), "{}", text);
            if let Err(refusal) = ours {
                prop_assert!(refusal.at <= text.len());
            }
        }

        // Groups that are often zero make runs of every length at every place.
        #[test]
        fn any_address_is_written_as_the_standard_library_writes_it(
            groups: [u16; 8], keep: u8, mapped: bool
        ) {
            let mut groups = groups;
            for (index, group) in groups.iter_mut().enumerate() {
                if keep >> index & 1 == 0 { *group = 0; }
            }
            if mapped {
                groups[..6].copy_from_slice(&[0, 0, 0, 0, 0, 0xFFFF]);
            }
            let address = Ipv6Addr::from(groups);
            let text = address.to_string();
            let ours = format(address);
            prop_assert_eq!(ours.as_str(), text.as_str());
            prop_assert_eq!(parse(text.as_bytes()), Ok(address));
            prop_assert_eq!(parse(format_in_full(address).as_bytes()), Ok(address));
        }

        #[test]
        fn near_misses_are_read_as_the_standard_library_reads_them(
            groups: [u16; 8], keep: u8, full: bool,
            changes in proptest::collection::vec((any::<usize>(), "[0-9a-g:.% ]", 0..3u8), 1..3),
        ) {
            let mut groups = groups;
            for (index, group) in groups.iter_mut().enumerate() {
                if keep >> index & 1 == 0 { *group = 0; }
            }
            let address = Ipv6Addr::from(groups);
            let mut characters: Vec<char> = if full {
                format_in_full(address).as_str().chars().collect()
            } else {
                format(address).as_str().chars().collect()
            };
            for (place, piece, what) in changes {
                let place = place % (characters.len() + 1);
                let new = piece.chars().next().unwrap();
                match what {
                    0 => characters.insert(place, new),
                    1 if place < characters.len() => { characters.remove(place); }
                    _ if place < characters.len() => characters[place] = new,
                    _ => {}
                }
            }
            let text: String = characters.into_iter().collect();
            prop_assert_eq!(parse(text.as_bytes()).ok(), text.parse().ok(), "{}", text);
        }
    }
}
