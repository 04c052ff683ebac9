//! A function of a type that doubles in each call.
//!
//! Mark: c m t

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    deeper((), 100);
}

fn deeper<T: Copy + std::fmt::Debug>(value: T, depth: u32) {
    println!("{value:?}");
    if depth > 0 {
        deeper((value, value), depth - 1);
    }
}
