//! How often each test ran, and what failed.
//!
//! A hundred runs of every test take hours. So the runs add up from one call to the next, and the record says
//! from when to when.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::listing::Test;

/// Where the book reads it, from the repository's root.
const RECORD: &str = "book/measured/flakes.json";

/// The count over all calls.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Count {
    /// The day of the first run.
    from: String,
    /// The day of the last run.
    to: String,
    /// Where the last run was.
    machine: String,
    /// What kept that machine busy.
    pressure: String,
    /// All runs together, also of tests that are no more.
    runs: u64,
    /// How often each test ran.
    tests: BTreeMap<String, u32>,
    /// Tests that failed, with how often and what each said first.
    failed: BTreeMap<String, Counted>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Counted {
    times: u32,
    first: String,
}

impl Count {
    /// What earlier runs have counted; nothing, if there is no record.
    ///
    /// # Errors
    /// The record cannot be read, or is damaged.
    pub fn recorded(root: &Path) -> Result<Self> {
        let path = root.join(RECORD);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            read => read.with_context(|| format!("cannot read {}", path.display()))?,
        };
        serde_json::from_str(&text).with_context(|| {
            format!(
                "{} is damaged: `--anew` begins another record",
                path.display()
            )
        })
    }

    /// Nothing has run yet, on a machine that this keeps busy.
    pub fn begin(pressure: &str) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            from: first_line("date", &["+%Y-%m-%d"]),
            machine: format!("{processors} processors, {}", first_line("uname", &["-sm"])),
            pressure: pressure.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a run, and what the test said if it failed.
    pub fn add(&mut self, test: &str, failed: Option<String>) {
        self.runs += 1;
        *self.tests.entry(test.to_owned()).or_default() += 1;
        if let Some(first) = failed {
            self.add_failures(test, 1, &first);
        }
    }

    fn add_failures(&mut self, test: &str, times: u32, first: &str) {
        let counted = self.failed.entry(test.to_owned());
        let counted = counted.or_insert_with(|| Counted {
            times: 0,
            first: first.to_owned(),
        });
        counted.times += times;
    }

    /// Adds what one call has counted, and forgets the tests that are not among `all` any more.
    pub fn add_call(&mut self, call: &Self, all: &[Test]) {
        if self.runs == 0 {
            self.from.clone_from(&call.from);
        }
        self.to = first_line("date", &["+%Y-%m-%d"]);
        self.machine.clone_from(&call.machine);
        self.pressure.clone_from(&call.pressure);
        self.runs += call.runs;
        for test in all {
            let runs = call.tests.get(&test.name).copied().unwrap_or_default();
            *self.tests.entry(test.name.clone()).or_default() += runs;
        }
        self.tests
            .retain(|name, _| all.iter().any(|test| test.name == *name));
        for (name, Counted { times, first }) in &call.failed {
            self.add_failures(name, *times, first);
        }
    }

    /// All runs together.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Writes the record.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, root: &Path) -> Result<()> {
        let path = root.join(RECORD);
        fs::create_dir_all(path.parent().context("the record has a folder")?)?;
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Says what failed.
    ///
    /// # Errors
    /// Something did.
    pub fn verdict(&self) -> Result<()> {
        for (name, counted) in &self.failed {
            let runs = self.tests.get(name).copied().unwrap_or_default();
            println!(
                "\n{name}: {} of {runs} times\n{}",
                counted.times, counted.first
            );
        }
        if !self.failed.is_empty() {
            bail!(
                "{} tests have failed, in {} runs",
                self.failed.len(),
                self.runs
            );
        }
        println!("{} runs, and none has failed", self.runs);
        Ok(())
    }
}

/// What a program prints in its first line; empty if there is no such program.
fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Test {
        Test {
            name: name.to_owned(),
            own: String::new(),
            program: "/no/such/program".into(),
            folder: "/".into(),
        }
    }

    #[test]
    fn failures_are_counted_by_test_and_the_first_words_are_kept() {
        let mut count = Count::default();
        for (test, said) in [
            ("a", Some("one")),
            ("b", Some("two")),
            ("a", Some("three")),
            ("c", None),
        ] {
            count.add(test, said.map(str::to_owned));
        }
        let a = &count.failed["a"];
        assert_eq!((a.times, a.first.as_str(), count.tests["a"]), (2, "one", 2));
        assert_eq!((count.failed.len(), count.tests["c"]), (2, 1));
        let said = count.verdict().unwrap_err().to_string();
        assert!(said.contains("2 tests have failed, in 4 runs"), "{said}");
    }

    #[test]
    fn the_runs_of_two_calls_add_up() {
        let root = tempfile::tempdir().unwrap();
        let call = |pressure: &str, tests: &[(&str, Option<&str>)], all: &[&str]| {
            let mut call = Count::begin(pressure);
            for (test, said) in tests {
                call.add(test, said.map(str::to_owned));
            }
            let all: Vec<_> = all.iter().map(|name| named(name)).collect();
            let mut record = Count::recorded(root.path()).unwrap();
            record.add_call(&call, &all);
            record.write(root.path()).unwrap();
        };
        call("none", &[("a", Some("one")), ("old", None)], &["a", "old"]);
        call(
            "much",
            &[("a", Some("two")), ("a", Some("three"))],
            &["a", "new"],
        );
        let record = Count::recorded(root.path()).unwrap();
        // The runs of a test that is no more have been, and it has no line any more.
        assert_eq!(record.runs, 4);
        let tests: Vec<_> = record
            .tests
            .iter()
            .map(|(name, runs)| (name.as_str(), *runs))
            .collect();
        assert_eq!(tests, [("a", 3), ("new", 0)]);
        assert_eq!(
            (record.failed["a"].times, record.failed["a"].first.as_str()),
            (3, "one")
        );
        assert_eq!(record.pressure, "much");
        assert!(!record.from.is_empty() && record.from <= record.to);

        std::fs::write(root.path().join(RECORD), "{").unwrap();
        let said = format!("{:#}", Count::recorded(root.path()).unwrap_err());
        assert!(said.contains("is damaged: `--anew`"), "{said}");
    }
}
