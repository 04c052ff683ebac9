//! A place value fits only if more than it is left.
//!
//! 128 holds 128 once, and nothing is left over. A place value fits when what is left is larger *or
//! equal*: compare with `>=`. With `>`, 255 ends in a 0 and 128 becomes `01111111`.

/// The eight binary digits of an octet, the most significant bit first: 5 is `00000101`.
pub fn octet_to_bits(octet: u8) -> String {
    let mut left = octet;
    let mut bits = String::new();
    for weight in [128, 64, 32, 16, 8, 4, 2, 1] {
        if left > weight {
            bits.push('1');
            left -= weight;
        } else {
            bits.push('0');
        }
    }
    bits
}
