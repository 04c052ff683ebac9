//! FILL IN: What the student believes, as one sentence ({{number}}).
//!
//! FILL IN: Why it is not so, and what to do. The file's name is that of the misconception: take the
//! name and the sentence of another exercise if it is the same one.

/// FILL IN: the contract, exactly.
pub fn answer() -> String {
    // FILL IN: the mistake as a student would write it, and all else right.
    "wrong {{number}}".to_owned()
}
