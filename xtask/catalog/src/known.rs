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
    /// How it failed: a word of `kit::Kind`.
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
        let alike = |mistake: &Mistake| shape(&mistake.fails) == shape(failures);
        let first = failures.first()?;
        let begins_alike = |mistake: &Mistake| mistake.fails.contains(first);
        // What the student sees first says more when it is the same to the letter than all of it does
        // when it is only alike.
        let mistake = (self.only(|mistake| alike(mistake) && begins_alike(mistake)))
            .or_else(|| self.only(begins_alike))
            .or_else(|| self.only(alike))?;
        Some(Recognised {
            mistake,
            certain: false,
        })
    }

    /// The one known mistake that fits: where two do, no answer is better than a wrong one.
    fn only(&self, fits: impl Fn(&Mistake) -> bool) -> Option<&Mistake> {
        let mut fitting = self.mistakes.iter().filter(|mistake| fits(mistake));
        match (fitting.next(), fitting.next()) {
            (Some(mistake), None) => Some(mistake),
            _ => None,
        }
    }
}

/// A known mistake that fits the failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recognised<'a> {
    /// The mistake.
    pub mistake: &'a Mistake,
    /// The failures are exactly its own. Otherwise it is the only known mistake with which the first of
    /// these checks fails exactly so, for who has made two mistakes at once; or the only one with which
    /// the same checks fail in the same way, with other values.
    pub certain: bool,
}

/// What two students with the same mistake have in common: what fails, and how. Values may differ. Who
/// waited for whom may not: every endless loop runs into a deadline.
fn shape(failures: &Signature) -> Vec<(&str, &str, &str)> {
    failures
        .iter()
        .map(|fails| {
            let detail = match fails.kind.as_str() {
                "deadline" | "spin" | "unfinished" => fails.detail.as_str(),
                _ => "",
            };
            (fails.check.as_str(), fails.kind.as_str(), detail)
        })
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
                mistake("four", vec![fails("d", "deadline", "your server: read; ")]),
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
        // Two known mistakes fail in this way.
        assert_eq!(name(&vec![fails("a", "octets", "00")]), None);
        let alike = vec![fails("a", "octets", "00"), fails("b", "end", "x")];
        assert_eq!(name(&alike), Some(("three", false)));
        // Two mistakes at once: the first one that the student sees is named.
        let both = vec![fails("a", "octets", "69"), fails("c", "value", "")];
        assert_eq!(name(&both), Some(("two", false)));
        // One known mistake begins exactly so, another one is alike in all that fails.
        let exact_first = vec![fails("a", "octets", "69"), fails("b", "end", "x")];
        assert_eq!(name(&exact_first), Some(("two", false)));
        assert_eq!(name(&vec![]), None);
        // A loop is not a forgotten answer, though both run out of time.
        assert_eq!(
            name(&vec![fails("d", "deadline", "your server: running; ")]),
            None
        );
    }
}
