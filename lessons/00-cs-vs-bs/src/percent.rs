//! Percent-encoding: how any octet travels inside a URL (RFC 3986 §2.1).
//!
//! `%` and two hexadecimal digits stand for one octet. A URL may carry letters, digits and a few
//! signs as they are; a space, a `/` inside a name or a Chinese character must be encoded.

use std::fmt::Write as _;

/// Turns `%41` into `A`. Everything else stays as it is.
///
/// It decodes **once**. The text `%252e` becomes `%2e`, and is not looked at again: a program that
/// decodes until nothing changes lets `%252e%252e` pass every check as text and become `..` later.
///
/// # Errors
/// [`BadEscape`] when a `%` is not followed by two hexadecimal digits. Programs differ in what they
/// make of `%zz`; where programs differ, attackers look for a gap, so it is refused.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, BadEscape> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'%' {
            octets.push(first);
            continue;
        }
        let [high, low, after @ ..] = rest else {
            return Err(BadEscape);
        };
        octets.push(hex(*high)? << 4 | hex(*low)?);
        rest = after;
    }
    Ok(octets)
}

fn hex(digit: u8) -> Result<u8, BadEscape> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(BadEscape),
    }
}

/// Writes every octet that is not *unreserved* (RFC 3986 §2.3) as `%` and two digits.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for octet in text.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            encoded.push(char::from(octet));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{octet:02X}");
        }
    }
    encoded
}

/// A `%` without two hexadecimal digits behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEscape;

impl std::fmt::Display for BadEscape {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a '%' in a URL needs two hexadecimal digits after it")
    }
}

impl std::error::Error for BadEscape {}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
    use proptest::prelude::*;

    #[test]
    fn decodes_once() {
        assert_eq!(decode(b"%2e%2E%2fx"), Ok(b"../x".to_vec()));
        assert_eq!(decode(b"%252e"), Ok(b"%2e".to_vec()));
        assert_eq!(decode(b"a+b"), Ok(b"a+b".to_vec()));
        assert_eq!(decode(b"%00"), Ok(vec![0]));
        for bad in ["%", "%4", "%zz", "%%41", "50%"] {
            assert_eq!(decode(bad.as_bytes()), Err(BadEscape), "{bad}");
        }
    }

    const UNRESERVED: AsciiSet = NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');

    proptest! {
        #[test]
        fn encode_is_the_library_s_and_decode_takes_it_back(text in "\\PC*|[\\x00-\\x7f]*") {
            let encoded = encode(&text);
            prop_assert_eq!(&encoded, &utf8_percent_encode(&text, &UNRESERVED).to_string());
            prop_assert_eq!(decode(encoded.as_bytes()), Ok(text.into_bytes()));
        }

        #[test]
        fn what_decode_accepts_the_library_reads_alike(text in proptest::collection::vec(
            prop_oneof![Just(b'%'), Just(b'2'), Just(b'e'), Just(b'g'), any::<u8>()], 0..40)) {
            if let Ok(octets) = decode(&text) {
                prop_assert_eq!(octets, percent_decode(&text).collect::<Vec<u8>>());
            }
        }
    }
}
