//! Computes for ever: the check itself gives up.
//!
//! Mark: f

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    loop {
        std::hint::spin_loop();
    }
}
