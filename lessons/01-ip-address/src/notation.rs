//! What an argument means. One text has one meaning:
//!
//! | text | is read as |
//! |---|---|
//! | a colon in it | IPv6 text; or eight groups of 16 bits |
//! | `0b…` | a binary number of up to 32 bits; with 33 to 128 digits, exactly 128 |
//! | `0x…` | a hexadecimal number of up to 8 digits; with more, exactly 32 |
//! | 32 digits, or 128 | bits |
//! | dots, and groups of more than three 0s and 1s | four groups of 8 bits |
//! | dots | dotted decimal |
//! | digits alone | a decimal number of 32 bits |
//!
//! These cannot overlap. A decimal number has at most 10 digits, so 32 digits are bits. A decimal
//! octet has at most 3 digits, so a group of 8 is bits.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::refusal::{Reason, Refusal, is_ipv4, mask_length};
use crate::{bits, ipv4, ipv6};

/// The ways to write an address that [`read`] understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `100.4.5.6`
    Dotted,
    /// `01100100.00000100.00000101.00000110`, or the same 32 digits without dots, or `0b…`
    Binary,
    /// `1677985030`
    Decimal,
    /// `0x64040506`
    Hex,
    /// `2001:db8::1`
    Ipv6,
}

/// An address as it was given: the address, its notation, and the prefix length if one was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Given {
    /// The address.
    pub address: IpAddr,
    /// How it was written.
    pub notation: Notation,
    /// The number after the slash: how many bits name the network.
    pub prefix: Option<u8>,
}

/// Reads an address in any notation, with or without a prefix length. With `wide`, numbers are 128
/// bits and so IPv6.
///
/// # Errors
/// A [`Refusal`] in the terms of the notation that the text is in.
pub fn read(text: &[u8], wide: bool) -> Result<Given, Refusal> {
    let slash = text.iter().position(|&character| character == b'/');
    let (address, notation) = read_address(&text[..slash.unwrap_or(text.len())], wide)?;
    let width = if address.is_ipv4() { 32 } else { 128 };
    let prefix = slash
        .map(|slash| {
            read_prefix(&text[slash + 1..], width).map_err(|refusal| refusal.shifted(slash + 1))
        })
        .transpose()?;
    Ok(Given {
        address,
        notation,
        prefix,
    })
}

// ANCHOR: which
/// Decides which notation a text is in, and reads it.
fn read_address(text: &[u8], wide: bool) -> Result<(IpAddr, Notation), Refusal> {
    let all_digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    if text.contains(&b':') {
        colons(text) // first, because a group of IPv6 may begin with `0b`
    } else if let [b'0', b'b' | b'B', digits @ ..] = text {
        Ok((binary_number(digits, wide)?, Notation::Binary))
    } else if let [b'0', b'x' | b'X', digits @ ..] = text {
        Ok((hex_number(digits, wide)?, Notation::Hex))
    } else if all_digits && matches!(text.len(), 32 | 128) {
        let width = if text.len() == 32 { 32 } else { 128 };
        let value = bits::parse(text, 0, width)?;
        Ok((from_number(value, width == 128), Notation::Binary))
    } else if all_digits {
        Ok((decimal_number(text, wide)?, Notation::Decimal))
    } else if is_dotted_binary(text) {
        let value = bits::parse_groups(text, 0, b'.', 4)?;
        Ok((from_number(value, false), Notation::Binary))
    } else {
        let address = ipv4::parse(text).map_err(|refusal| not_dotted(text, refusal))?;
        Ok((address.into(), Notation::Dotted))
    }
}
// ANCHOR_END: which

/// The number as an address: its lowest 32 bits, or all 128.
fn from_number(value: u128, wide: bool) -> IpAddr {
    match u32::try_from(value) {
        Ok(value) if !wide => Ipv4Addr::from(value).into(),
        _ => Ipv6Addr::from(value).into(),
    }
}

/// `0b` and digits. A number may be short, as every number may; 128 digits are always IPv6.
fn binary_number(digits: &[u8], wide: bool) -> Result<IpAddr, Refusal> {
    if digits.contains(&b'.') {
        return Ok(from_number(bits::parse_groups(digits, 2, b'.', 4)?, false));
    }
    let wide = wide || digits.len() == 128;
    let width = if wide { 128 } else { 32 };
    Ok(from_number(bits::parse(digits, 2, width)?, wide))
}

/// `0x` and digits.
fn hex_number(digits: &[u8], wide: bool) -> Result<IpAddr, Refusal> {
    if digits.is_empty() {
        return Err(Refusal::new(2, 1, Reason::NoDigits));
    }
    if let Some(place) = digits.iter().position(|digit| !digit.is_ascii_hexdigit()) {
        let len = ipv4::character_len(digits, place);
        return Err(Refusal::new(2 + place, len, Reason::NotAHexDigit));
    }
    let wide = wide || digits.len() == 32;
    let most = if wide { 32 } else { 8 };
    if digits.len() > most {
        let width = if wide { 128 } else { 32 };
        return Err(Refusal::new(
            2 + most,
            digits.len() - most,
            Reason::HexTooLong { width },
        ));
    }
    let value = digits.iter().fold(0_u128, |value, &digit| {
        value << 4 | u128::from(char::from(digit).to_digit(16).unwrap_or_default())
    });
    Ok(from_number(value, wide))
}

/// Digits alone.
fn decimal_number(digits: &[u8], wide: bool) -> Result<IpAddr, Refusal> {
    let only_bits = digits.iter().all(|digit| matches!(digit, b'0' | b'1'));
    if only_bits && digits.len() > 10 && !wide {
        let found = u8::try_from(digits.len()).unwrap_or(u8::MAX);
        return Err(Refusal::new(0, digits.len(), Reason::BitCount { found }));
    }
    if digits.len() > 1 && digits[0] == b'0' {
        let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
        let len = zeros.min(digits.len() - 1);
        return Err(Refusal::new(0, len, Reason::NumberLeadingZero));
    }
    let width = if wide { 128 } else { 32 };
    let largest = if wide { u128::MAX } else { u32::MAX.into() };
    let mut value = 0_u128;
    for digit in digits {
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(u128::from(digit - b'0')))
            .filter(|value| *value <= largest)
            .ok_or(Refusal::new(
                0,
                digits.len(),
                Reason::NumberTooLarge { width },
            ))?;
    }
    Ok(from_number(value, wide))
}

/// Text with a colon: IPv6, or something that people mistake for an address.
fn colons(text: &[u8]) -> Result<(IpAddr, Notation), Refusal> {
    if text.split(|&c| c == b':').any(|group| group.len() > 8)
        && text.iter().all(|c| matches!(c, b'0' | b'1' | b':'))
    {
        let value = bits::parse_groups(text, 0, b':', 8)?;
        return Ok((from_number(value, true), Notation::Binary));
    }
    ipv6::parse(text)
        .map(|address| (address.into(), Notation::Ipv6))
        .map_err(|refusal| {
            let colon = text.iter().position(|&c| c == b':').unwrap_or_default();
            if text[0] == b'[' {
                return Refusal::new(0, 1, Reason::Bracket);
            }
            if is_ipv4(&text[..colon]).is_some() {
                return Refusal::new(colon, text.len() - colon, Reason::Port);
            }
            refusal
        })
}

/// Groups of more than three binary digits: nobody means decimal octets.
fn is_dotted_binary(text: &[u8]) -> bool {
    text.iter().all(|c| matches!(c, b'0' | b'1' | b'.'))
        && text
            .split(|&c| c == b'.')
            .filter(|group| group.len() > 3)
            .count()
            >= 2
}

/// A text that is no dotted decimal: perhaps it is a name.
fn not_dotted(text: &[u8], refusal: Refusal) -> Refusal {
    let name = |c: &u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_');
    let last = text.rsplit(|&c| c == b'.').next().unwrap_or_default();
    if text.iter().all(name) && last.first().is_some_and(u8::is_ascii_alphabetic) {
        return Refusal::new(0, text.len(), Reason::Name);
    }
    refusal
}

/// Reads the prefix length after the slash.
fn read_prefix(text: &[u8], width: u8) -> Result<u8, Refusal> {
    if text.is_empty() {
        return Err(Refusal::new(0, 1, Reason::NoPrefix));
    }
    if let Some(prefix) = mask_length(text) {
        return Err(Refusal::new(
            0,
            text.len(),
            Reason::MaskForPrefix { prefix },
        ));
    }
    if let Some(place) = text.iter().position(|c| !c.is_ascii_digit()) {
        let (len, reason) = if text[place] == b'/' {
            (text.len() - place, Reason::SecondPrefix)
        } else {
            (ipv4::character_len(text, place), Reason::PrefixNotADigit)
        };
        return Err(Refusal::new(place, len, reason));
    }
    if text.len() > 1 && text[0] == b'0' {
        return Err(Refusal::new(0, text.len(), Reason::PrefixLeadingZero));
    }
    // Digits only; what does not fit in u32 is certainly too long.
    let value = text.iter().try_fold(0_u32, |value, digit| {
        value.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
    });
    match value.map(u8::try_from) {
        Some(Ok(prefix)) if prefix <= width => Ok(prefix),
        _ => Err(Refusal::new(0, text.len(), Reason::PrefixTooLong { width })),
    }
}

#[cfg(test)]
mod tests;
