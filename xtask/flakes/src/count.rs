//! What failed, how often.
//!
//! A round takes minutes, and a hundred of them a night. So the rounds add up from run to run, and the
//! record says from when to when.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::round::Failed;

/// Where the book reads it, from the repository's root.
const RECORD: &str = "book/measured/flakes.json";

/// The count over all rounds of all runs.
#[derive(Debug, Serialize, Deserialize)]
pub struct Count {
    /// The day of the first round.
    from: String,
    /// The day of the last round.
    to: String,
    /// Where the last round ran.
    machine: String,
    /// What kept that machine busy.
    pressure: String,
    /// Tests in the last round.
    tests: usize,
    rounds: u32,
    /// Tests that ran in all rounds together, in those below as well.
    runs: u64,
    /// Rounds in which some tests were left out, by the words that their names contain.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    without: BTreeMap<String, u32>,
    /// Tests that failed, with how often and what each said first.
    failed: BTreeMap<String, Counted>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Counted {
    times: u32,
    first: String,
}

impl Count {
    /// Nothing has run yet.
    pub fn new() -> Self {
        Self {
            from: String::new(),
            to: String::new(),
            machine: String::new(),
            pressure: String::new(),
            tests: 0,
            rounds: 0,
            runs: 0,
            without: BTreeMap::new(),
            failed: BTreeMap::new(),
        }
    }

    /// What earlier runs have counted; nothing, if there is no record.
    ///
    /// # Errors
    /// The record cannot be read, or is damaged.
    pub fn recorded(root: &Path) -> Result<Self> {
        let path = root.join(RECORD);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::new()),
            read => read.with_context(|| format!("cannot read {}", path.display()))?,
        };
        serde_json::from_str(&text).with_context(|| {
            format!(
                "{} is damaged: `--anew` begins another record",
                path.display()
            )
        })
    }

    /// Adds a round of so many tests, in which those with certain words in their names may be left out.
    pub fn add(&mut self, tests: usize, without: &[String], pressure: &str, failed: &[Failed]) {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        self.machine = format!("{processors} processors, {}", first_line("uname", &["-sm"]));
        self.to = first_line("date", &["+%Y-%m-%d"]);
        if self.runs == 0 {
            self.from.clone_from(&self.to);
        }
        pressure.clone_into(&mut self.pressure);
        if without.is_empty() {
            self.tests = tests;
            self.rounds += 1;
        } else {
            *self.without.entry(without.join(", ")).or_default() += 1;
        }
        self.runs += tests as u64;
        for Failed { name, said } in failed {
            let counted = self.failed.entry(name.clone()).or_insert_with(|| Counted {
                times: 0,
                first: said.clone(),
            });
            counted.times += 1;
        }
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
            let rounds = self.rounds + self.without.values().sum::<u32>();
            println!(
                "\n{name}: {} of {rounds} times\n{}",
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

    fn failed(name: &str, said: &str) -> Failed {
        Failed {
            name: name.into(),
            said: said.into(),
        }
    }

    #[test]
    fn failures_are_counted_by_test_and_the_first_words_are_kept() {
        let mut count = Count::new();
        count.add(3, &[], "none", &[failed("a", "one"), failed("b", "two")]);
        count.add(3, &[], "none", &[failed("a", "three")]);
        count.add(4, &[], "none", &[]);
        assert_eq!((count.rounds, count.failed.len()), (3, 2));
        assert_eq!(
            (count.failed["a"].times, count.failed["a"].first.as_str()),
            (2, "one")
        );
        let said = count.verdict().unwrap_err().to_string();
        assert!(said.contains("2 tests have failed, in 10 runs"), "{said}");
    }

    #[test]
    fn the_rounds_of_two_runs_add_up() {
        let root = tempfile::tempdir().unwrap();
        let mut first = Count::recorded(root.path()).unwrap();
        first.add(3, &[], "none", &[failed("a", "one")]);
        first.write(root.path()).unwrap();
        let mut second = Count::recorded(root.path()).unwrap();
        second.add(5, &[], "much", &[failed("a", "two")]);
        assert_eq!((second.rounds, second.runs, second.tests), (2, 8, 5));
        assert_eq!(
            (second.failed["a"].times, second.pressure.as_str()),
            (2, "much")
        );

        let without = ["x::".to_owned(), "y".to_owned()];
        second.add(2, &without, "much", &[]);
        assert_eq!((second.rounds, second.runs, second.tests), (2, 10, 5));
        assert_eq!(second.without["x::, y"], 1);

        std::fs::write(root.path().join(RECORD), "{").unwrap();
        let said = format!("{:#}", Count::recorded(root.path()).unwrap_err());
        assert!(said.contains("is damaged: `--anew`"), "{said}");
    }
}
