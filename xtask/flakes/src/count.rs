//! What failed, how often.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::round::Failed;

/// Where the book reads it, from the repository's root.
const RECORD: &str = "book/measured/flakes.json";

/// The count over all rounds.
#[derive(Debug, Serialize)]
pub struct Count {
    date: String,
    machine: String,
    pressure: &'static str,
    seed: u64,
    tests: usize,
    rounds: u32,
    /// Tests that failed, with how often and what each said first.
    failed: BTreeMap<String, Counted>,
}

#[derive(Debug, Serialize)]
struct Counted {
    times: u32,
    first: String,
}

impl Count {
    /// Nothing has run yet.
    pub fn new(tests: usize, seed: u64, pressure: &'static str) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            date: first_line("date", &["+%Y-%m-%d"]),
            machine: format!("{processors} processors, {}", first_line("uname", &["-sm"])),
            pressure,
            seed,
            tests,
            rounds: 0,
            failed: BTreeMap::new(),
        }
    }

    /// Adds a round.
    pub fn add(&mut self, failed: Vec<Failed>) {
        self.rounds += 1;
        for Failed { name, said } in failed {
            let counted = self.failed.entry(name).or_insert(Counted {
                times: 0,
                first: said,
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
        let runs = u64::from(self.rounds) * self.tests as u64;
        for (name, counted) in &self.failed {
            println!(
                "\n{name}: {} of {} times\n{}",
                counted.times, self.rounds, counted.first
            );
        }
        if !self.failed.is_empty() {
            bail!(
                "{} tests of {} have failed, in {runs} runs",
                self.failed.len(),
                self.tests
            );
        }
        println!("{runs} runs, and none has failed");
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

    #[test]
    fn failures_are_counted_by_test_and_the_first_words_are_kept() {
        let failed = |name: &str, said: &str| Failed {
            name: name.into(),
            said: said.into(),
        };
        let mut count = Count::new(3, 1, "none");
        count.add(vec![failed("a", "one"), failed("b", "two")]);
        count.add(vec![failed("a", "three")]);
        count.add(Vec::new());
        assert_eq!((count.rounds, count.failed.len()), (3, 2));
        assert_eq!(
            (count.failed["a"].times, count.failed["a"].first.as_str()),
            (2, "one")
        );
        let said = count.verdict().unwrap_err().to_string();
        assert!(
            said.contains("2 tests of 3 have failed, in 9 runs"),
            "{said}"
        );
    }
}
