//! Asks for 16 MiB, again and again, up to 3 GiB.
//!
//! Mark: m

use std::thread;
use std::time::Duration;

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let mut all = Vec::new();
    for _ in 0..192 {
        all.push(vec![1_u8; 16 << 20]);
        thread::sleep(Duration::from_millis(2));
    }
    println!("{}", all.len());
}
