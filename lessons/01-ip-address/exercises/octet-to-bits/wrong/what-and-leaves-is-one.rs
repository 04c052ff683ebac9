//! If a bit is set, `&` leaves 1.
//!
//! `octet & 128` is 128 if the first bit is set, and 0 if not: the bit stays at its place. So compare
//! with 0, `octet & 128 != 0`. Or move the bit to the last place first: `octet >> 7 & 1` is 0 or 1.

/// The eight binary digits of an octet, the most significant bit first: 5 is `00000101`.
pub fn octet_to_bits(octet: u8) -> String {
    let mut bits = String::new();
    for place in [128, 64, 32, 16, 8, 4, 2, 1] {
        bits.push(if octet & place == 1 { '1' } else { '0' });
    }
    bits
}
