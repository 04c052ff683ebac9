//! `known.json`: what an exercise's known mistakes look like when they fail.
//!
//! The gate writes it and holds it against the files. Students have it, and neither the solution nor
//! the wrong answers.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The file's name.
pub const FILE: &str = "known.json";

/// What stands in `known.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// `exercise.rs` as it is handed out.
    pub starter: String,
    /// The known mistakes.
    pub mistakes: Vec<Mistake>,
}

/// A known mistake and its failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// Its name: that of its file in `wrong/`.
    pub name: String,
    /// What the student believes.
    pub title: String,
    /// Why it is not so, and what helps.
    pub hint: String,
    /// What fails, and how.
    pub fails: Signature,
}

/// What fails, and how: the same in every run of the same program.
pub type Signature = Vec<Fails>;

/// A check that is not passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fails {
    /// The check's name.
    pub check: String,
    /// How it failed: a word of [`kit::Kind`].
    pub kind: String,
    /// What tells this failure from others of its kind.
    pub detail: String,
}

impl Known {
    /// Reads the file of an exercise. Without a file nothing is known.
    ///
    /// # Errors
    /// When the file cannot be read, or is damaged.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged", path.display())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The known mistake that these failures show.
    pub fn recognise(&self, failures: &Signature) -> Option<Recognised<'_>> {
        let same = |mistake: &&Mistake| mistake.fails == *failures;
        if let Some(mistake) = self.mistakes.iter().find(same) {
            return Some(Recognised {
                mistake,
                certain: true,
            });
        }
        // The same checks fail in the same way, with other values.
        let alike = |mistake: &&Mistake| kinds(&mistake.fails) == kinds(failures);
        // Who makes two mistakes at once is told of the one that the first failing check shows.
        let first = failures.first();
        let begins_alike = |mistake: &&Mistake| first.is_some() && mistake.fails.first() == first;
        let only = |fits: &dyn Fn(&&Mistake) -> bool| {
            let mut fitting = self.mistakes.iter().filter(fits);
            let mistake = fitting.next()?;
            // Two that fit: no answer is better than a wrong one.
            fitting.next().is_none().then_some(Recognised {
                mistake,
                certain: false,
            })
        };
        only(&alike).or_else(|| only(&begins_alike))
    }
}

/// A known mistake that fits the failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised<'a> {
    /// The mistake.
    pub mistake: &'a Mistake,
    /// The failures are exactly its own. Otherwise the same checks fail in the same way, with other
    /// values; or the first failure is its first; and no other known mistake does so.
    pub certain: bool,
}

fn kinds(failures: &Signature) -> Vec<(&str, &str)> {
    failures
        .iter()
        .map(|fails| (fails.check.as_str(), fails.kind.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(check: &str, kind: &str, detail: &str) -> Fails {
        Fails {
            check: check.into(),
            kind: kind.into(),
            detail: detail.into(),
        }
    }

    fn mistake(name: &str, fails: Signature) -> Mistake {
        Mistake {
            name: name.into(),
            title: String::new(),
            hint: String::new(),
            fails,
        }
    }

    #[test]
    fn a_mistake_is_known_by_its_failures() {
        let known = Known {
            starter: String::new(),
            mistakes: vec![
                mistake("one", vec![fails("a", "octets", "68")]),
                mistake("two", vec![fails("a", "octets", "69")]),
                mistake(
                    "three",
                    vec![fails("a", "octets", "68"), fails("b", "end", "")],
                ),
            ],
        };
        let name = |failures: &Signature| {
            known
                .recognise(failures)
                .map(|found| (found.mistake.name.as_str(), found.certain))
        };
        assert_eq!(name(&vec![fails("a", "octets", "69")]), Some(("two", true)));
        // Two known mistakes fail in this way: no answer is better than a wrong one.
        assert_eq!(name(&vec![fails("a", "octets", "00")]), None);
        let alike = vec![fails("a", "octets", "00"), fails("b", "end", "x")];
        assert_eq!(name(&alike), Some(("three", false)));
        // Two mistakes at once.
        let two = vec![fails("a", "octets", "69"), fails("b", "value", "")];
        assert_eq!(name(&two), Some(("two", false)));
        let two = vec![fails("a", "octets", "68"), fails("b", "value", "")];
        assert_eq!(name(&two), None);
        assert_eq!(name(&vec![]), None);
    }
}
