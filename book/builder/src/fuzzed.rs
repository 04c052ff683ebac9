//! `{{#fuzz table}}`: how often each parser was given random input, as it was recorded.

use std::fmt::Write as _;
use std::path::Path;

use measured::figure::with_commas;
use serde::Deserialize;

use crate::record::{self, Fault};

/// The record, from the repository's root, and the command that writes it.
const RECORD: &str = "book/measured/fuzz.json";
const WRITER: &str = "cargo xtask fuzz";

/// The fuzzing of one target, all its runs together.
#[derive(Debug, Deserialize)]
struct Fuzzed {
    target: String,
    executions: u64,
    seconds: u64,
    /// Places of the program that were reached (edges of its control flow).
    reached: u64,
    crashes: u64,
}

/// A table of the targets, and its sums.
///
/// # Errors
/// The record is missing or damaged: what is wrong, and the mend.
pub fn table(root: &Path) -> Result<String, Fault> {
    let all: Vec<Fuzzed> = record::read(root, RECORD, WRITER)?;
    if all.is_empty() {
        return Err(record::damaged(RECORD, "it names no target", WRITER));
    }
    let mut page = String::from(
        "| target | inputs tried | seconds | places reached | crashes |\n|---|--:|--:|--:|--:|\n",
    );
    for one in &all {
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            one.target,
            with_commas(one.executions),
            one.seconds,
            with_commas(one.reached),
            one.crashes
        );
    }
    let sum = |value: fn(&Fuzzed) -> u64| all.iter().map(value).sum::<u64>();
    let _ = writeln!(
        page,
        "| **all** | **{}** | **{}** | | **{}** |",
        with_commas(sum(|one| one.executions)),
        with_commas(sum(|one| one.seconds)),
        sum(|one| one.crashes)
    );
    Ok(page)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_record_is_shown_or_its_damage_is_named() {
        let root = tempfile::tempdir().unwrap();
        let said = table(root.path()).unwrap_err();
        assert!(said.0.contains("cannot be read"), "{said:?}");
        assert!(said.1.contains("cargo xtask fuzz"), "{said:?}");
        let record = root.path().join(RECORD);
        fs::create_dir_all(record.parent().unwrap()).unwrap();
        for (text, fault) in [("[{", "damaged"), ("[]", "it names no target")] {
            fs::write(&record, text).unwrap();
            let said = table(root.path()).unwrap_err();
            assert!(said.0.contains(fault), "{said:?}");
        }
        let text = r#"[{"target": "a", "executions": 1200, "seconds": 9, "reached": 3, "crashes": 0},
            {"target": "b", "executions": 34, "seconds": 1, "reached": 4, "crashes": 1}]"#;
        fs::write(&record, text).unwrap();
        let page = table(root.path()).unwrap();
        assert!(page.contains("| `a` | 1,200 | 9 | 3 | 0 |"), "{page}");
        assert!(
            page.contains("| **all** | **1,234** | **10** | | **1** |"),
            "{page}"
        );
    }
}
