//! An octet as eight bits.

/// The eight binary digits of an octet, the most significant bit first: 5 is `00000101`.
pub fn octet_to_bits(octet: u8) -> String {
    let mut bits = String::new();
    for weight in [128, 64, 32, 16, 8, 4, 2, 1] {
        bits.push(if octet & weight == 0 { '0' } else { '1' });
    }
    bits
}
