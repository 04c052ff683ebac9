//! FILL IN: the title.

/// FILL IN: the contract, exactly.
pub fn answer() -> String {
    // FILL IN: a right answer, as clear as you can write it.
    "right".to_owned()
}
