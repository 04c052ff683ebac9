//! x
/// x
pub const NOTE: &str = "HANDOUT.md";
