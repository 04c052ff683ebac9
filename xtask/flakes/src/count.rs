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

    /// Names what keeps the machine busy from now on, and forgets the tests that are not among `all` any more.
    pub fn begin(&mut self, all: &[Test], pressure: &str) {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        self.machine = format!("{processors} processors, {}", first_line("uname", &["-sm"]));
        pressure.clone_into(&mut self.pressure);
        self.tests
            .retain(|name, _| all.iter().any(|test| test.name == *name));
        for test in all {
            self.tests.entry(test.name.clone()).or_default();
        }
    }

    /// Adds a run, and what the test said if it failed.
    pub fn add(&mut self, test: &str, failed: Option<String>) {
        self.runs += 1;
        *self.tests.entry(test.to_owned()).or_default() += 1;
        if let Some(first) = failed {
            let counted = self
                .failed
                .entry(test.to_owned())
                .or_insert(Counted { times: 0, first });
            counted.times += 1;
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
    pub fn write(&mut self, root: &Path) -> Result<()> {
        self.to = first_line("date", &["+%Y-%m-%d"]);
        if self.from.is_empty() {
            self.from.clone_from(&self.to);
        }
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
        let mut first = Count::recorded(root.path()).unwrap();
        first.begin(&[named("a"), named("old")], "none");
        first.add("a", Some("one".into()));
        first.add("old", None);
        first.write(root.path()).unwrap();
        let mut second = Count::recorded(root.path()).unwrap();
        second.begin(&[named("a"), named("new")], "much");
        second.add("a", Some("two".into()));
        // The runs of a test that is no more have been, and it has no line any more.
        assert_eq!(second.runs, 3);
        let tests: Vec<_> = second
            .tests
            .iter()
            .map(|(name, runs)| (name.as_str(), *runs))
            .collect();
        assert_eq!(tests, [("a", 2), ("new", 0)]);
        assert_eq!(second.failed["a"].first, "one");
        assert_eq!(
            (second.failed["a"].times, second.pressure.as_str()),
            (2, "much")
        );

        std::fs::write(root.path().join(RECORD), "{").unwrap();
        let said = format!("{:#}", Count::recorded(root.path()).unwrap_err());
        assert!(said.contains("is damaged: `--anew`"), "{said}");
    }
}
