//! Keeps the compiler in a loop.
//!
//! Mark: t

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    println!("{FOR_EVER}");
}

#[allow(long_running_const_eval)]
const FOR_EVER: u64 = {
    let mut number = 0_u64;
    while number < u64::MAX {
        number += 1;
    }
    number
};
