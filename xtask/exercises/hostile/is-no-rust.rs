//! Is no Rust.
//!
//! Mark: c

pub fn octet_to_bits(octet: u8) -> String {
    return octet as bits;
