//! `{{#flakes count}}`: how often every test ran, and which have failed now and then, as it was recorded.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use measured::figure::with_commas;
use serde::Deserialize;

use crate::html::escape;
use crate::record::{self, Fault};

/// The record, from the repository's root, and the command that writes it.
const RECORD: &str = "book/measured/flakes.json";
const WRITER: &str = "cargo xtask flakes";

#[derive(Debug, Deserialize)]
struct Record {
    from: String,
    to: String,
    machine: String,
    pressure: String,
    tests: u64,
    rounds: u64,
    runs: u64,
    #[serde(default)]
    without: BTreeMap<String, u64>,
    failed: BTreeMap<String, Counted>,
}

#[derive(Debug, Deserialize)]
struct Counted {
    times: u64,
}

/// A sentence with the counts, and a table of the tests that have failed.
///
/// # Errors
/// The record is missing or damaged: what is wrong, and the mend.
pub fn count(root: &Path) -> Result<String, Fault> {
    let record: Record = record::read(root, RECORD, WRITER)?;
    if record.rounds == 0 || record.runs < record.rounds {
        return Err(record::damaged(RECORD, "it counts no round", WRITER));
    }
    let when = if record.from == record.to {
        format!("on {}", record.to)
    } else {
        format!("from {} to {}", record.from, record.to)
    };
    let failures: u64 = record.failed.values().map(|failed| failed.times).sum();
    let mut page = format!(
        "{} rounds {}, with {} tests in the last one: **{} runs, {}**. (A machine with {}; pressure: {}.)\n",
        with_commas(record.rounds),
        escape(&when),
        with_commas(record.tests),
        with_commas(record.runs),
        match failures {
            0 => "and none has failed".to_owned(),
            1 => "of which 1 has failed".to_owned(),
            _ => format!("of which {} have failed", with_commas(failures)),
        },
        escape(&record.machine),
        escape(&record.pressure),
    );
    for (words, rounds) in &record.without {
        let words: Vec<String> = (words.split(", "))
            .map(|word| format!("`{}`", escape(word)))
            .collect();
        let _ = writeln!(
            page,
            "\nOf these runs, {} more rounds were without the tests that have {} in their names.",
            with_commas(*rounds),
            words.join(" or ")
        );
    }
    if failures > 0 {
        page.push_str("\n| test | failed |\n|---|--:|\n");
        for (name, Counted { times }) in &record.failed {
            let _ = writeln!(page, "| `{name}` | {} |", with_commas(*times));
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CALM: &str = r#"{"from": "2026-01-02", "to": "2026-01-02", "machine": "2 processors, Linux",
        "pressure": "stress-ng on every processor", "tests": 1200, "rounds": 3, "runs": 3590, "failed": {}}"#;

    fn page(record: &str) -> Result<String, Fault> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("book/measured")).unwrap();
        fs::write(root.path().join(RECORD), record).unwrap();
        count(root.path())
    }

    #[test]
    fn the_record_becomes_a_sentence_and_what_failed_a_table() {
        insta::assert_snapshot!(page(CALM).unwrap(), @"3 rounds on 2026-01-02, with 1,200 tests in the last one: **3,590 runs, and none has failed**. (A machine with 2 processors, Linux; pressure: stress-ng on every processor.)");
        let failed = CALM.replace("{}}", r#"{"a::b": {"times": 1, "first": "x"}}}"#);
        let failed = failed.replacen("2026-01-02", "2026-01-01", 1);
        insta::assert_snapshot!(page(&failed).unwrap(), @r"
        3 rounds from 2026-01-01 to 2026-01-02, with 1,200 tests in the last one: **3,590 runs, of which 1 has failed**. (A machine with 2 processors, Linux; pressure: stress-ng on every processor.)

        | test | failed |
        |---|--:|
        | `a::b` | 1 |
        ");
    }

    #[test]
    fn rounds_without_some_tests_are_told_apart() {
        let record = CALM.replace("\"failed\"", r#""without": {"a::, b": 20}, "failed""#);
        let page = page(&record).unwrap();
        let told = page.lines().last().unwrap();
        assert_eq!(
            told,
            "Of these runs, 20 more rounds were without the tests that have `a::` or `b` in their names."
        );
    }

    #[test]
    fn a_record_that_is_missing_or_damaged_is_a_fault() {
        let (what, mend) = count(Path::new("/nowhere")).unwrap_err();
        assert!(what.contains("cannot be read") && mend.contains("cargo xtask flakes"));
        for damaged in ["", "{}", &CALM.replace("\"rounds\": 3", "\"rounds\": 0")] {
            let said = page(damaged).unwrap_err().0;
            assert!(said.contains("is damaged"), "{damaged}: {said}");
        }
    }
}
