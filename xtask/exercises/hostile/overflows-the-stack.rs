//! Calls itself without end.
//!
//! Mark: x

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    deeper(&[0; 1000]);
}

fn deeper(before: &[u64; 1000]) -> u64 {
    let mut own = *before;
    own[0] += 1;
    deeper(&own) + own[999]
}
