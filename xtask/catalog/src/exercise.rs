//! The exercises of the course, as their folders say.
//!
//! An exercise is `lessons/NN-slug/exercises/<slug>/` with `task.md`, `exercise.rs`, `check.rs`,
//! `solution.rs` and `wrong/*.rs`. Students get neither `solution.rs` nor `wrong/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, bail};

use crate::known::Known;

/// One exercise.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// The lesson's folder name: `04-tcp-chat`.
    pub lesson: String,
    /// The exercise's folder name, which is its name everywhere: `cut-character`.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// What stands in `task.md`.
    pub task: Task,
    /// What stands in `known.json`. Empty while the exercise is being written.
    pub known: Known,
}

/// What stands in `task.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The title: `A character cut in two`.
    pub title: String,
    /// Minutes that a student needs, about.
    pub minutes: u32,
    /// From 1 (a warm-up) to 3 (half an hour's work).
    pub difficulty: u8,
    /// Where to read on, a chapter with an anchor: `04-tcp-chat.md#how-it-works`.
    pub read: String,
    /// The task itself, in Markdown.
    pub text: String,
    /// Three hints of rising help, in Markdown.
    pub hints: Vec<String>,
}

/// A known mistake, as its file says: `wrong/one-read-is-one-message.rs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The file's name without its ending. The same misconception has the same name in every exercise.
    pub name: String,
    /// What the student believes, as one sentence.
    pub title: String,
    /// Why it is not so, and what helps.
    pub hint: String,
    /// The file.
    pub path: PathBuf,
}

/// A folder that is no exercise, or not any more.
#[derive(Debug)]
pub struct Damaged {
    /// The folder.
    pub folder: PathBuf,
    /// Why it cannot be read.
    pub error: Error,
}

/// All exercises, by lesson, in rising difficulty.
///
/// # Errors
/// When a folder cannot be read or a `task.md` is not well-formed.
pub fn read(root: &Path) -> Result<Vec<Exercise>> {
    let (exercises, damaged) = read_what_can_be(root)?;
    match damaged.into_iter().next() {
        Some(damaged) => Err(damaged.error),
        None => Ok(exercises),
    }
}

/// The exercises that can be read, as [`read`] has them, and the folders that cannot, with the reason.
///
/// # Errors
/// When the folder of a lesson cannot be read.
pub fn read_what_can_be(root: &Path) -> Result<(Vec<Exercise>, Vec<Damaged>)> {
    let (mut exercises, mut damaged) = (Vec::new(), Vec::new());
    for place in places(root)? {
        let folder = place.folder.clone();
        match read_one(place) {
            Ok(exercise) => exercises.push(exercise),
            Err(error) => damaged.push(Damaged { folder, error }),
        }
    }
    exercises.sort_by_cached_key(|exercise: &Exercise| {
        let task = &exercise.task;
        let (lesson, name) = (exercise.lesson.clone(), exercise.name.clone());
        (lesson, task.difficulty, task.minutes, name)
    });
    Ok((exercises, damaged))
}

/// Where an exercise stands, whatever its files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The lesson's folder name.
    pub lesson: String,
    /// The exercise's folder name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
}

/// The folders of all exercises, by lesson and name.
///
/// # Errors
/// When a folder cannot be read.
pub fn places(root: &Path) -> Result<Vec<Place>> {
    let mut places = Vec::new();
    for lesson in folders(&root.join("lessons"))? {
        let all = lesson.join("exercises");
        if !all.is_dir() {
            continue;
        }
        for folder in folders(&all)? {
            places.push(Place {
                lesson: file_name(&lesson),
                name: file_name(&folder),
                folder,
            });
        }
    }
    Ok(places)
}

fn read_one(place: Place) -> Result<Exercise> {
    let path = place.folder.join("task.md");
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let task = Task::parse(&text).with_context(|| path.display().to_string())?;
    Ok(Exercise {
        known: Known::read(&place.folder)?,
        lesson: place.lesson,
        name: place.name,
        task,
        folder: place.folder,
    })
}

impl Exercise {
    /// What the student edits.
    pub fn file(&self) -> PathBuf {
        self.folder.join("exercise.rs")
    }

    /// The known mistakes, from their files.
    ///
    /// # Errors
    /// When a file cannot be read, or does not open with the misconception.
    pub fn wrongs(&self) -> Result<Vec<Wrong>> {
        let folder = self.folder.join("wrong");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut wrongs = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            wrongs.push(Wrong::read(path)?);
        }
        wrongs.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(wrongs)
    }
}

impl Wrong {
    /// Reads a known mistake from its file.
    ///
    /// # Errors
    /// When the file cannot be read, or does not open with the misconception.
    pub fn read(path: PathBuf) -> Result<Self> {
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let (title, hint) = head(&text).with_context(|| path.display().to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self {
            name: name.into(),
            title,
            hint,
            path,
        })
    }
}

impl Task {
    /// Reads a `task.md`: front matter, text, and a section `## Hint 1` and so on for each hint.
    ///
    /// # Errors
    /// When a part is missing.
    pub fn parse(text: &str) -> Result<Self> {
        // Some editors end a line with more than one carriage return after a file went through two systems.
        let lines: Vec<&str> = text
            .split('\n')
            .map(|line| line.trim_end_matches('\r'))
            .collect();
        let text = lines.join("\n");
        let (front, body) = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .context("it opens with no front matter between two lines `---`")?;
        let value = |key: &str| {
            let line = front
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(found, _)| found.trim() == key)
                .with_context(|| format!("its front matter has no `{key}:`"))?;
            anyhow::Ok(line.1.trim().to_owned())
        };
        // The first hint may follow at once: then there is no text.
        let (mut own, mut hints) = (String::new(), Vec::<String>::new());
        for line in body.lines() {
            // Markdown takes a heading that is indented a little for one as well.
            if line.trim_start().starts_with("## Hint ") {
                hints.push(String::new());
                continue;
            }
            let text = hints.last_mut().unwrap_or(&mut own);
            text.push_str(line);
            text.push('\n');
        }
        let own = own.trim().to_owned();
        let hints: Vec<String> = hints.iter().map(|hint| hint.trim().to_owned()).collect();
        if own.is_empty() {
            bail!("it has no text");
        }
        let difficulty: u8 = value("difficulty")?
            .parse()
            .context("`difficulty:` is 1, 2 or 3")?;
        if !(1..=3).contains(&difficulty) {
            bail!("`difficulty:` is 1, 2 or 3");
        }
        Ok(Self {
            title: value("title")?,
            minutes: value("minutes")?
                .parse()
                .context("`minutes:` is a whole number")?,
            difficulty,
            read: value("read")?,
            text: own,
            hints,
        })
    }
}

/// The misconception and the hint: the comment `//!` that opens a wrong answer.
fn head(text: &str) -> Result<(String, String)> {
    let lines: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    let comment = lines.join("\n");
    let (title, hint) = comment
        .split_once("\n\n")
        .context("it does not open with `//! The misconception.`, `//!`, `//! The hint.`")?;
    Ok((title.replace('\n', " "), hint.trim().to_owned()))
}

fn folders(parent: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(parent).with_context(|| format!("cannot read {}", parent.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = "---\ntitle: Bits\nminutes: 5\ndifficulty: 1\nread: 01-ip-address.md#how-it-works\n---\n\nDo it.\n\n## Hint 1\n\nOne.\n\n## Hint 2\n\nTwo.\n";

    #[test]
    fn a_task_has_its_parts() {
        let task = Task::parse(TASK).unwrap();
        assert_eq!(task.title, "Bits");
        assert_eq!((task.minutes, task.difficulty), (5, 1));
        assert_eq!(task.text, "Do it.");
        assert_eq!(task.hints, ["One.", "Two."]);
        // A student's Windows editor may have rewritten the line ends.
        for end in ["\r\n", "\r\r\n"] {
            assert_eq!(Task::parse(&TASK.replace('\n', end)).unwrap(), task);
        }
        let indented = TASK.replace("## Hint 2", "  ## Hint 2");
        assert_eq!(Task::parse(&indented).unwrap(), task);
    }

    #[test]
    fn what_is_missing_is_named() {
        for (part, said) in [
            ("title: Bits\n", "no `title:`"),
            ("minutes: 5\n", "no `minutes:`"),
            ("---\n", "no front matter"),
            ("Do it.", "no text"),
        ] {
            let error = Task::parse(&TASK.replace(part, "")).unwrap_err();
            assert!(error.to_string().contains(said), "{error}");
        }
        let (front, hints) = TASK.split_once("\nDo it.\n\n").unwrap();
        let error = Task::parse(&format!("{front}{hints}")).unwrap_err();
        assert!(error.to_string().contains("no text"), "{error}");
    }

    #[test]
    fn a_wrong_answer_opens_with_its_misconception() {
        let (title, hint) = head(
            "//! One read is\n//! one message.\n//!\n//! It is not:\n//! look.\n\nfn x() {}\n",
        )
        .unwrap();
        assert_eq!(title, "One read is one message.");
        assert_eq!(hint, "It is not:\nlook.");
        assert!(head("fn x() {}").is_err());
    }
}
