//! Is unsafe.
//!
//! Mark: c

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    let address = 1 as *const u8;
    println!("{}", unsafe { *address });
}
