//! Zeros in front of a number can be left out.
//!
//! In a number they can. Here each digit has its place: eight digits for each octet, 32 for the
//! address. Without the zeros nobody knows where one octet ends. Ask for a width of 8 and for zeros:
//! `{:08b}`.

/// The eight binary digits of an octet, the most significant bit first: 5 is `00000101`.
pub fn octet_to_bits(octet: u8) -> String {
    format!("{octet:b}")
}
