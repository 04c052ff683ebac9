//! An octet as eight bits. The task is in `task.md`.

/// The eight binary digits of an octet, the most significant bit first: 5 is `00000101`.
pub fn octet_to_bits(octet: u8) -> String {
    // This writes decimal digits. Write binary ones.
    octet.to_string()
}
