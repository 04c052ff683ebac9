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
    runs: u64,
    tests: BTreeMap<String, u64>,
    failed: BTreeMap<String, Counted>,
}

#[derive(Debug, Deserialize)]
struct Counted {
    times: u64,
}

/// How often every test should run.
const ENOUGH: u64 = 100;

/// A sentence with the counts, and a table of the tests that have failed.
///
/// # Errors
/// The record is missing or damaged: what is wrong, and the mend.
pub fn count(root: &Path) -> Result<String, Fault> {
    let record: Record = record::read(root, RECORD, WRITER)?;
    let ran: Vec<u64> = record
        .tests
        .values()
        .copied()
        .filter(|runs| *runs > 0)
        .collect();
    let Some(fewest) = ran.iter().min() else {
        return Err(record::damaged(
            RECORD,
            "it counts no test that ran",
            WRITER,
        ));
    };
    // Tests that are no more have run too, so all together may be more.
    if ran.iter().sum::<u64>() > record.runs {
        return Err(record::damaged(
            RECORD,
            "its tests ran more often than all together",
            WRITER,
        ));
    }
    let when = if record.from == record.to {
        format!("on {}", record.to)
    } else {
        format!("from {} to {}", record.from, record.to)
    };
    let failures: u64 = record.failed.values().map(|failed| failed.times).sum();
    let enough = ran.iter().filter(|runs| **runs >= ENOUGH).count();
    let enough = match enough {
        0 => String::new(),
        all if all == ran.len() => String::new(),
        some => format!(
            ", and {} of them {ENOUGH} times or more",
            with_commas(some as u64)
        ),
    };
    let new = match record.tests.len() - ran.len() {
        0 => String::new(),
        1 => " 1 new test has not run yet.".to_owned(),
        some => format!(" {} new tests have not run yet.", with_commas(some as u64)),
    };
    let mut page = format!(
        "Each of {} tests ran {} times or more{enough}, {}: **{} runs, {}**. (A machine with {}; pressure: {}.){new}\n",
        with_commas(ran.len() as u64),
        with_commas(*fewest),
        escape(&when),
        with_commas(record.runs),
        match failures {
            0 => "and none has failed".to_owned(),
            1 => "of which 1 has failed".to_owned(),
            _ => format!("of which {} have failed", with_commas(failures)),
        },
        escape(&record.machine),
        escape(&record.pressure),
    );
    if failures > 0 {
        // The names are longer than a phone is wide.
        page.push_str("\n| failed | runs | test |\n|--:|--:|---|\n");
        for (name, Counted { times }) in &record.failed {
            // A test that is no more, or has another name now, is not counted any more.
            let runs = record.tests.get(name).copied().map(with_commas);
            let (times, runs) = (with_commas(*times), runs.unwrap_or_default());
            let _ = writeln!(page, "| {times} | {runs} | `{name}` |");
        }
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const CALM: &str = r#"{"from": "2026-01-02", "to": "2026-01-02", "machine": "2 processors, Linux",
        "pressure": "stress-ng on every processor", "runs": 3590, "tests": {"a::b": 100, "c": 120}, "failed": {}}"#;

    fn page(record: &str) -> Result<String, Fault> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("book/measured")).unwrap();
        fs::write(root.path().join(RECORD), record).unwrap();
        count(root.path())
    }

    #[test]
    fn the_record_becomes_a_sentence_and_what_failed_a_table() {
        insta::assert_snapshot!(page(CALM).unwrap(), @"Each of 2 tests ran 100 times or more, on 2026-01-02: **3,590 runs, and none has failed**. (A machine with 2 processors, Linux; pressure: stress-ng on every processor.)");
        let failed = CALM.replace("{}}", r#"{"a::b": {"times": 1, "first": "x"}}}"#);
        let failed = failed.replacen("2026-01-02", "2026-01-01", 1);
        insta::assert_snapshot!(page(&failed).unwrap(), @r"
        Each of 2 tests ran 100 times or more, from 2026-01-01 to 2026-01-02: **3,590 runs, of which 1 has failed**. (A machine with 2 processors, Linux; pressure: stress-ng on every processor.)

        | failed | runs | test |
        |--:|--:|---|
        | 1 | 100 | `a::b` |
        ");
        let gone = failed.replace("\"a::b\": {", "\"gone\": {");
        let table = page(&gone).unwrap();
        assert!(table.ends_with("\n| 1 |  | `gone` |\n"), "{table}");
    }

    #[test]
    fn tests_that_ran_less_often_are_told_apart() {
        let rarer = CALM.replace(": 100,", ": 9,");
        let told = page(&rarer).unwrap();
        let begin = "Each of 2 tests ran 9 times or more, and 1 of them 100 times or more, on";
        assert!(told.starts_with(begin), "{told}");
        let new = CALM.replace(": 100,", ": 0,");
        let told = page(&new).unwrap();
        assert!(
            told.starts_with("Each of 1 tests ran 120 times or more, on"),
            "{told}"
        );
        assert!(
            told.trim_end().ends_with(" 1 new test has not run yet."),
            "{told}"
        );
    }

    #[test]
    fn a_record_that_is_missing_or_damaged_is_a_fault() {
        let (what, mend) = count(Path::new("/nowhere")).unwrap_err();
        assert!(what.contains("cannot be read") && mend.contains("cargo xtask flakes"));
        for damaged in [
            "",
            "{}",
            &CALM.replace("3590", "219"),
            &CALM.replace(r#""a::b": 100, "c": 120"#, ""),
        ] {
            let said = page(damaged).unwrap_err().0;
            assert!(said.contains("is damaged"), "{damaged}: {said}");
        }
    }
}
