//! Asks for 20 GB at once.
//!
//! Mark: m

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let much = vec![1_u8; 20 << 30];
    println!("{}", much.len());
}
