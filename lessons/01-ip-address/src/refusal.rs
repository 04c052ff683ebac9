//! Why a text is no address: where the fault is, and what to write instead.
//!
//! The standard library says "invalid IPv4 address syntax" for every fault. A learner needs to know
//! *which* octet is wrong and *why*, so the parsers return a place and a reason. Both are small and
//! `Copy`; the sentence is built only when somebody wants to read it.

use std::net::Ipv4Addr;

use crate::caret::shown;
use crate::ipv4;

/// The place of the fault, in octets from the start of the text, and the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Octets before the fault.
    pub at: usize,
    /// Octets that are at fault; 1 when something is missing.
    pub len: usize,
    /// What is wrong.
    pub reason: Reason,
}

// ANCHOR: reasons
/// What is wrong with a text. Octets and groups are counted from 1, as people do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names and `sentence` say what each means")]
pub enum Reason {
    // Dotted decimal.
    Empty,
    EmptyOctet { octet: u8 },
    NotADigit { octet: u8 },
    LeadingZero { octet: u8 },
    OctetTooLarge { octet: u8 },
    TooFewOctets { found: u8 },
    TooManyOctets,
    Trailing,
    // ANCHOR_END: reasons

    // IPv6.
    LoneColon,
    SecondGap,
    GapOfNothing,
    GroupTooLong { group: u8 },
    NotHex { group: u8 },
    NotInIpv6,
    TooFewGroups { found: u8 },
    TooManyGroups,

    // Bits and numbers.
    NoDigits,
    NotABit,
    NotAHexDigit,
    TooManyBits { width: u8 },
    BitCount { found: u8 },
    BitGroupSize { group: u8, size: u8 },
    TooFewBitGroups { found: u8, groups: u8 },
    TooManyBitGroups { groups: u8 },
    NumberLeadingZero,
    NumberTooLarge { width: u8 },
    HexTooLong { width: u8 },

    // The prefix length.
    NoPrefix,
    PrefixNotADigit,
    PrefixLeadingZero,
    PrefixTooLong { width: u8 },
    SecondPrefix,
    MaskForPrefix { prefix: u8 },

    // What looks like an address and is something else.
    Name,
    Port,
    Bracket,
    LineTooLong { limit: usize },
}

impl Refusal {
    /// A fault of `len` octets at `at`.
    pub const fn new(at: usize, len: usize, reason: Reason) -> Self {
        Self { at, len, reason }
    }

    /// The same fault, when the text that was read begins at `by` in a longer one.
    #[must_use]
    pub const fn shifted(self, by: usize) -> Self {
        Self::new(self.at + by, self.len, self.reason)
    }

    /// The piece of `text` that is at fault. Empty when something is missing at the end.
    pub fn piece<'a>(&self, text: &'a str) -> &'a str {
        let end = (self.at + self.len).min(text.len());
        text.get(self.at..end).unwrap_or_default()
    }

    /// One sentence: what is wrong in `text`, why, and what to write instead.
    pub fn sentence(&self, text: &str) -> String {
        let piece = shown(self.piece(text));
        match self.reason {
            Reason::Empty => "nothing is here: an IPv4 address has four octets, such as 100.4.5.6".into(),
            Reason::EmptyOctet { octet } => format!("octet {octet} is empty: a number from 0 to 255 must stand here"),
            Reason::NotADigit { octet } => self.not_a_digit(text, octet),
            Reason::LeadingZero { octet } => leading_zero(octet, self.piece(text)),
            Reason::OctetTooLarge { octet } => {
                format!("octet {octet} is {piece}: an octet is 8 bits and holds 0 to 255")
            }
            // A prefix length may follow the octets, and anything at all the slash.
            Reason::TooFewOctets { found } => too_few_octets(found, &text[..self.at]),
            Reason::TooManyOctets => "a fifth octet: an IPv4 address has four (32 bits)".into(),
            Reason::Trailing => trailing(self.piece(text)),

            Reason::LoneColon => "a single colon at the edge: zeros are left out with two, ::".into(),
            Reason::SecondGap => {
                "a second ::, and nobody can tell how many zeros each stands for: use it once".into()
            }
            Reason::GapOfNothing => "eight groups and a ::, which has no zeros left to stand for".into(),
            Reason::GroupTooLong { group } => {
                format!("group {group} has more than 4 hexadecimal digits: a group is 16 bits")
            }
            Reason::NotHex { group } => {
                format!("group {group} begins with {}: a group is 1 to 4 digits, 0-9 or a-f", character(&piece))
            }
            Reason::NotInIpv6 if piece == "%" => {
                "a zone (%) names an interface of one machine; it is no part of the 128 bits".into()
            }
            Reason::NotInIpv6 => format!("{} is neither a digit (0-9, a-f) nor a colon", character(&piece)),
            Reason::TooFewGroups { found } => {
                format!("{found} of 8 groups, and no :: for the missing ones")
            }
            Reason::TooManyGroups => "more than eight groups: an IPv6 address has 128 bits".into(),

            Reason::NoDigits => "no digit follows".into(),
            Reason::NotABit => format!("{} is not a bit: write 0 or 1", character(&piece)),
            Reason::NotAHexDigit if piece == "." => {
                "octets in hexadecimal are read by inet_aton only: write 0x and 8 digits, or dotted decimal".into()
            }
            Reason::NotAHexDigit => format!("{} is no hexadecimal digit: write 0-9 or a-f", character(&piece)),
            Reason::TooManyBits { width } => format!("more than {width} bits"),
            Reason::BitCount { found } => format!(
                "{found} binary digits: an address has 32 (or 128); a shorter binary number begins with 0b"
            ),
            Reason::BitGroupSize { group, size } => {
                format!("group {group} is not {size} bits long: leading zeros are written here")
            }
            Reason::TooFewBitGroups { found, groups } => format!("{found} of {groups} groups of bits"),
            Reason::TooManyBitGroups { groups } => format!("more than {groups} groups of bits"),
            Reason::NumberLeadingZero => {
                "a number with a leading zero, which may mean octal: leave the zero out".into()
            }
            Reason::NumberTooLarge { width: 32 } => {
                "more than 4294967295, the largest number of 32 bits (-6 reads numbers as 128 bits)".into()
            }
            Reason::NumberTooLarge { width } => format!("more than {width} bits hold"),
            Reason::HexTooLong { width: 32 } => {
                "more than 8 hexadecimal digits, which is 32 bits (IPv6 has exactly 32 digits)".into()
            }
            Reason::HexTooLong { width } => format!("more than {} hexadecimal digits", width / 4),

            Reason::NoPrefix => "no prefix length after the slash, such as /24".into(),
            Reason::PrefixNotADigit => {
                format!("{} in the prefix length: it is a number of bits, such as /24", character(&piece))
            }
            Reason::PrefixLeadingZero => "a prefix length with a leading zero: leave the zero out".into(),
            Reason::PrefixTooLong { width } => {
                format!("the prefix length is {piece}, and the address has {width} bits: write /0 to /{width}")
            }
            Reason::SecondPrefix => "a second slash: an address has one prefix length".into(),
            Reason::MaskForPrefix { prefix } => {
                format!("a mask after the slash: write the number of its 1 bits, /{prefix}")
            }

            Reason::Name => "this is a name, not an address: ip-demo asks no name server".into(),
            Reason::Port => {
                "a port follows, so this is an endpoint (socket address): leave out the port".into()
            }
            Reason::Bracket => "brackets set an address apart from a port in a URL: leave them out".into(),
            Reason::LineTooLong { limit } => format!("the line is longer than {limit} octets"),
        }
    }

    fn not_a_digit(&self, text: &str, octet: u8) -> String {
        let piece = self.piece(text);
        let begins = text[..self.at].ends_with('.') || self.at == 0;
        match piece.chars().next() {
            Some('x' | 'X') if text[..self.at].ends_with('0') => format!(
                "octet {octet} is in hexadecimal: octets are decimal here (a whole address may be 0x and 8 digits)"
            ),
            Some(sign @ ('+' | '-')) => {
                format!("octet {octet} has a sign ({sign}): an octet is digits alone")
            }
            Some(digit) if digit.is_numeric() => format!(
                "octet {octet} has '{}' (U+{:04X}): only the ASCII digits 0 to 9 count",
                shown(piece),
                u32::from(digit)
            ),
            _ if begins => format!(
                "octet {octet} begins with {}: write a number from 0 to 255",
                character(&shown(piece))
            ),
            _ => format!(
                "octet {octet} is followed by {}, not by a dot",
                character(&shown(piece))
            ),
        }
    }
}

/// A leading zero in dotted decimal has two readings. Where they differ, this names both.
fn leading_zero(octet: u8, digits: &str) -> String {
    let decimal = digits.trim_start_matches('0');
    let decimal = if decimal.is_empty() { "0" } else { decimal };
    match u32::from_str_radix(digits, 8) {
        Ok(octal) if octal <= 255 && octal.to_string() != decimal => format!(
            "octet {octet} is octal {octal} to some programs and {decimal} to others: write one of these"
        ),
        _ => format!("octet {octet} has a leading zero, octal to some programs: write {decimal}"),
    }
}

/// Some programs fill in the octets that are left out. This says how.
fn too_few_octets(found: u8, text: &str) -> String {
    let octets: Vec<&str> = text.split('.').collect();
    match octets[..] {
        [a, b, c] => {
            format!("{found} octets, not 4; some programs read {a}.{b}.0.{c}: write all four")
        }
        [a, b] => format!("{found} octets, not 4; some programs read {a}.0.0.{b}: write all four"),
        _ => format!("{found} of 4 octets: none may be left out"),
    }
}

fn trailing(rest: &str) -> String {
    if rest.chars().all(char::is_whitespace) {
        return "white space after the address: leave it out".into();
    }
    match rest.chars().next() {
        Some('.') => "a dot after the fourth octet: the address has ended".into(),
        Some(':') => Refusal::new(0, 0, Reason::Port).sentence(""),
        _ => "more text after the fourth octet: the address has ended".into(),
    }
}

/// Names a character so that a reader sees it even when it is invisible.
fn character(shown: &str) -> String {
    match shown {
        "" => "nothing".into(),
        " " => "a space".into(),
        "\\t" => "a tab".into(),
        "\\n" => "a line end".into(),
        "\u{FFFD}" => "an octet that is no UTF-8 text".into(),
        other => format!("'{other}'"),
    }
}

/// The prefix length of a mask in dotted decimal, when the text is one: ones first, then zeros.
pub(crate) fn mask_length(text: &[u8]) -> Option<u8> {
    let mask = u32::from(ipv4::parse(text).ok()?);
    let ones = mask.leading_ones();
    (mask.count_ones() == ones).then_some(u8::try_from(ones).ok()?)
}

/// Whether a text is an IPv4 address; for telling an endpoint from bad IPv6 text.
pub(crate) fn is_ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    ipv4::parse(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_zero_has_two_readings() {
        let sentence = |text: &str| ipv4::parse(text.as_bytes()).unwrap_err().sentence(text);
        assert!(sentence("010.2.3.4").contains("octal 8 to some programs and 10 to others"));
        assert!(sentence("01.2.3.4").ends_with("write 1"));
        assert!(sentence("08.1.1.1").ends_with("write 8"));
        assert!(sentence("1.2.3").contains("some programs read 1.2.0.3"));
        assert!(sentence("000.1.1.1").ends_with("write 0"));
    }

    #[test]
    fn what_follows_a_slash_is_no_part_of_the_octets() {
        for text in ["1.2.3/24", "1.2.3/\u{1b}[2J"] {
            let refusal = crate::notation::read(text.as_bytes(), false).unwrap_err();
            let said = refusal.sentence(text);
            assert!(said.contains("some programs read 1.2.0.3: write"), "{said}");
        }
    }
}
