//! Includes a file of the teacher.
//!
//! Mark: c p

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    println!("{}", include_str!("/etc/passwd"));
}
