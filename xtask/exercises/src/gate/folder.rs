//! What an exercise's folder must hold, before anything is compiled.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Fault, headings};
use crate::catalog::{Exercise, Place, Task, Wrong};
use crate::known::{FILE, Known};

/// What the templates of `cargo xtask exercise new` say where something is missing.
const FILL_IN: &str = "FILL IN";

/// What they call a known mistake that has no name yet.
pub const UNNAMED: &str = "rename-me";

/// The files that an exercise must have.
const SOURCES: [&str; 4] = ["task.md", "exercise.rs", "check.rs", "solution.rs"];

/// So many known mistakes an exercise has at least.
const FEWEST_MISTAKES: usize = 3;

/// An exercise as its folder shows it.
pub struct Draft {
    pub place: Place,
    /// The exercise, if all is there that is needed to compile and run its answers.
    pub exercise: Option<Exercise>,
    /// The known mistakes whose files are well-formed.
    pub wrongs: Vec<Wrong>,
    pub faults: Vec<Fault>,
}

/// Reads an exercise's folder and finds fault with it.
pub fn read(root: &Path, place: Place) -> Result<Draft> {
    let shown = place.folder.strip_prefix(root).unwrap_or(&place.folder);
    let shown = shown.to_owned();
    let mut folder = Folder {
        shown: &shown,
        path: &place.folder,
        faults: Vec::new(),
        whole: true,
    };
    if !is_slug(&place.name) {
        folder.fault(
            "",
            "its name is not in lower-case words",
            "rename the folder: lower-case words joined by `-`",
        );
    }
    let strays = folder.strays()?;
    for stray in strays {
        folder.fault(
            &stray,
            "it belongs to no exercise",
            "move it away; a known mistake is `wrong/<name>.rs`, in lower-case words joined by `-`",
        );
    }
    for name in SOURCES {
        folder.source(name);
    }
    let wrongs = folder.wrongs()?;
    let task = folder.task(root);
    let known = folder.known();
    let exercise = task.filter(|_| folder.whole).map(|task| Exercise {
        lesson: place.lesson.clone(),
        name: place.name.clone(),
        folder: place.folder.clone(),
        task,
        known,
    });
    Ok(Draft {
        faults: folder.faults,
        exercise,
        wrongs,
        place,
    })
}

/// Lower-case words joined by `-`, the first of which begins with a letter: `cut-character`. Cargo makes
/// a crate's name of it.
pub fn is_slug(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && is_words(name)
}

/// Lower-case words joined by `-`, such as `010-is-8`.
fn is_words(name: &str) -> bool {
    let own = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.split('-')
        .all(|word| !word.is_empty() && word.chars().all(own))
}

struct Folder<'a> {
    shown: &'a Path,
    path: &'a Path,
    faults: Vec<Fault>,
    /// Nothing is missing that the answers' runs need.
    whole: bool,
}

impl Folder<'_> {
    fn fault(&mut self, file: &str, what: impl Into<String>, mend: impl Into<String>) {
        self.faults
            .push(Fault::new(self.shown.join(file), what, mend));
    }

    /// Everything in the folder that the form of an exercise does not know.
    fn strays(&self) -> Result<Vec<String>> {
        let mut strays = Vec::new();
        for (name, is_folder) in entries(self.path)? {
            let known = if is_folder {
                name == "wrong"
            } else {
                SOURCES.contains(&name.as_str()) || name == FILE
            };
            if !known {
                strays.push(name);
            }
        }
        let wrong = self.path.join("wrong");
        if wrong.is_dir() {
            for (name, is_folder) in entries(&wrong)? {
                let known = !is_folder && name.strip_suffix(".rs").is_some_and(is_words);
                if !known {
                    strays.push(format!("wrong/{name}"));
                }
            }
        }
        Ok(strays)
    }

    /// A file that must be there, with nothing left to fill in.
    fn source(&mut self, name: &str) {
        let text = match fs::read_to_string(self.path.join(name)) {
            Ok(text) => text,
            Err(error) => {
                self.whole = false;
                let what = format!("it cannot be read: {error}");
                self.fault(
                    name,
                    what,
                    "write it: xtask/exercises/README.md says what it is",
                );
                return;
            }
        };
        let left: Vec<String> = (1..)
            .zip(text.lines())
            .filter(|(_, line)| line.contains(FILL_IN))
            .map(|(number, line)| format!("  line {number}: {}", line.trim()))
            .collect();
        if !left.is_empty() {
            self.whole = false;
            let what = format!("it has still to be filled in\n{}", left.join("\n"));
            self.fault(
                name,
                what,
                format!("fill it in, and take `{FILL_IN}` away; the answers are run after that"),
            );
        }
    }

    fn wrongs(&mut self) -> Result<Vec<Wrong>> {
        let mut wrongs = Vec::new();
        let folder = self.path.join("wrong");
        let mut names = Vec::new();
        if folder.is_dir() {
            names = entries(&folder)?
                .into_iter()
                .map(|(name, _)| name)
                .filter(|name| name.strip_suffix(".rs").is_some_and(is_words))
                .collect();
        }
        for name in &names {
            let file = format!("wrong/{name}");
            self.source(&file);
            if name.starts_with(UNNAMED) {
                self.fault(
                    &file,
                    "its name is not yet that of a misconception",
                    "rename it: in few words what the student believes, `one-read-is-one-message`",
                );
            }
            match Wrong::read(folder.join(name)) {
                Ok(wrong) => {
                    if wrong.title.is_empty() || wrong.hint.is_empty() {
                        self.fault(
                            &file,
                            "its opening comment has no misconception, or no hint",
                            "open it with `//! The misconception.`, `//!`, `//! The hint.`",
                        );
                    }
                    wrongs.push(wrong);
                }
                Err(error) => self.fault(
                    &file,
                    error.root_cause().to_string(),
                    "say what the student believes, then why it is not so",
                ),
            }
        }
        if names.len() < FEWEST_MISTAKES {
            let what = match names.len() {
                0 => "there is no known mistake".to_owned(),
                1 => "there is 1 known mistake".to_owned(),
                count => format!("there are {count} known mistakes"),
            };
            let mend = format!("write at least {FEWEST_MISTAKES} that students really make");
            self.fault("wrong", what, mend);
        }
        wrongs.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(wrongs)
    }

    fn task(&mut self, root: &Path) -> Option<Task> {
        // That the file is missing has been said.
        let text = fs::read_to_string(self.path.join("task.md")).ok()?;
        if text.contains(FILL_IN) {
            return None;
        }
        let task = match Task::parse(&text) {
            Ok(task) => task,
            Err(error) => {
                self.fault(
                    "task.md",
                    error.root_cause().to_string(),
                    "xtask/exercises/README.md shows its form",
                );
                return None;
            }
        };
        let hints = [1, 2, 3].map(|number| format!("## Hint {number}"));
        let headings = text.lines().filter(|line| line.starts_with("## Hint "));
        if !headings.map(str::trim_end).eq(&hints) || task.hints.iter().any(String::is_empty) {
            self.fault(
                "task.md",
                "it has not three hints",
                "write `## Hint 1`, `## Hint 2` and `## Hint 3`, each with a text",
            );
        }
        if task.title.is_empty() {
            self.fault("task.md", "its `title:` is empty", "give it a title");
        }
        let (least, most) = match task.difficulty {
            1 => (2, 10),
            2 => (8, 20),
            _ => (15, 30),
        };
        if !(least..=most).contains(&task.minutes) {
            let what = format!(
                "{} minutes do not fit difficulty {}",
                task.minutes, task.difficulty
            );
            self.fault(
                "task.md",
                what,
                format!("that difficulty takes {least} to {most} minutes: correct one of the two"),
            );
        }
        if let Some((what, mend)) = headings::fault(root, &task.read) {
            self.fault("task.md", what, mend);
        }
        Some(task)
    }

    /// What is known. A damaged file is found stale later, and written anew with `--write`.
    fn known(&self) -> Known {
        Known::read(self.path).unwrap_or_default()
    }
}

/// The names in a folder, and whether each is a folder.
fn entries(folder: &Path) -> Result<Vec<(String, bool)>> {
    let said = || format!("cannot read {}", folder.display());
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).with_context(said)? {
        let path: PathBuf = entry.with_context(said)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        entries.push((name.into_owned(), path.is_dir()));
    }
    entries.sort();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::is_slug;

    #[test]
    fn a_name_is_lower_case_words() {
        for name in ["x", "cut-character", "http-1-1"] {
            assert!(is_slug(name), "{name}");
        }
        for name in [
            "", "Cut", "a--b", "-a", "a-", "1-a", "a_b", "a b", "../x", "ä",
        ] {
            assert!(!is_slug(name), "{name}");
        }
    }
}
