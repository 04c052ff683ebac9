//! Picking the answers out of the files of a submission.

use std::collections::BTreeMap;
use std::io::Read;

use unicode_width::UnicodeWidthStr as _;

use super::submissions::{Answer, Submission};
use crate::catalog::Exercise;
use crate::student::export::{ABOUT, About};

/// So many octets may an answer have.
const LONGEST: u64 = 256 * 1024;

/// So many octets of one submission are read, whatever it holds: all answers to all exercises are a
/// hundredth of it. A zip of one megabyte can name one packed gigabyte ten thousand times.
const MOST: u64 = 64 << 20;

/// Folders that hold no answers: a build's, a repository's, and what macOS puts into its zips.
const SKIPPED: [&str; 4] = ["target", ".git", "node_modules", "__MACOSX"];

/// Collects the answers of one submission.
pub struct Collector<'a> {
    exercises: &'a [Exercise],
    found: BTreeMap<String, Found>,
    name: Option<String>,
    notes: Vec<String>,
    outside: Vec<String>,
    looked_at: usize,
    /// Octets that may still be read.
    left: u64,
}

struct Found {
    /// It stands where the course has it: `…/lessons/NN-slug/exercises/<name>/exercise.rs`.
    in_place: bool,
    path: String,
    answer: Answer,
}

impl<'a> Collector<'a> {
    pub fn new(exercises: &'a [Exercise]) -> Self {
        Self {
            exercises,
            found: BTreeMap::new(),
            name: None,
            notes: Vec::new(),
            outside: Vec::new(),
            looked_at: 0,
            left: MOST,
        }
    }

    /// How many files were offered.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// Notes something odd, once.
    pub fn note(&mut self, what: &str) {
        let what = clean(what);
        if !self.notes.contains(&what) && self.notes.len() < 10 {
            self.notes.push(what);
        }
    }

    /// Notes a path that leads out of the submission.
    pub fn outside(&mut self, path: &str) {
        self.looked_at += 1;
        self.outside.push(clean(path));
    }

    /// Does the path lead out of the folder that the submission would be unpacked into?
    pub fn leads_outside(path: &str) -> bool {
        let path = path.replace('\\', "/");
        let drive = path.as_bytes().get(1) == Some(&b':');
        path.starts_with('/') || drive || path.split('/').any(|part| part == "..")
    }

    /// Is it a folder that holds no answers?
    pub fn is_skipped(path: &str) -> bool {
        let path = path.replace('\\', "/");
        path.split('/')
            .any(|part| SKIPPED.contains(&part) || part.starts_with("._"))
    }

    /// A file of the submission. It is opened only if it is an answer.
    pub fn offer<R: Read>(&mut self, path: &str, open: impl FnOnce() -> Result<R, String>) {
        self.looked_at += 1;
        if Self::is_skipped(path) {
            return;
        }
        // Windows writes backslashes into some zips.
        let slashes = path.replace('\\', "/");
        let mut parts = slashes.rsplit('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next()) {
            (Some(ABOUT), _) => {
                let text = open()
                    .and_then(|file| self.answer(file))
                    .unwrap_or_default();
                match serde_json::from_slice::<About>(&text) {
                    Ok(about) => self.about(about),
                    Err(_) => self.note(&format!("`{ABOUT}` in it is damaged.")),
                }
            }
            (Some("exercise.rs"), Some(folder)) => {
                let exercises = self.exercises;
                let Some(exercise) = exercises.iter().find(|one| one.name == folder) else {
                    return;
                };
                let in_place = parts.next() == Some("exercises")
                    && parts.next() == Some(exercise.lesson.as_str());
                let answer = match open().and_then(|file| self.answer(file)).and_then(text) {
                    Ok(text) => Answer::Text(text),
                    Err(why) => Answer::Unreadable(format!("`{}` {why}.", clean(path))),
                };
                self.put(&exercise.name, in_place, clean(path), answer);
            }
            _ => {}
        }
    }

    /// Reads a file of the submission to its end, or its first `most` octets. Whatever a size in a zip
    /// says: not more than this is decompressed, and not more than [`MOST`] of all together.
    pub fn read(&mut self, file: impl Read, most: u64) -> Result<Vec<u8>, String> {
        if self.left == 0 {
            return Err(format!(
                "is not read: only {MOST} octets of a submission are"
            ));
        }
        let mut octets = Vec::new();
        let outcome = file.take(most.min(self.left)).read_to_end(&mut octets);
        self.left = self.left.saturating_sub(octets.len() as u64);
        outcome.map_err(|error| format!("is damaged: {error}"))?;
        Ok(octets)
    }

    fn answer(&mut self, file: impl Read) -> Result<Vec<u8>, String> {
        let octets = self.read(file, LONGEST + 1)?;
        if octets.len() as u64 > LONGEST {
            return Err(format!("has more than {LONGEST} octets"));
        }
        Ok(octets)
    }

    /// What the submission says about itself.
    fn about(&mut self, about: About) {
        let own = About::new(None).course;
        if about.course != own {
            self.note(&format!(
                "It comes from version {} of the course, and this is version {own}: exercises may \
                 differ.",
                about.course
            ));
        }
        self.name = about.name.or(self.name.take());
    }

    fn put(&mut self, exercise: &str, in_place: bool, path: String, answer: Answer) {
        if let Some(other) = self.found.get_mut(exercise) {
            if other.in_place == in_place && other.answer != answer {
                let why = format!(
                    "It is there twice, and the two differ: `{}` and `{path}`.",
                    other.path
                );
                other.answer = Answer::Unreadable(why);
            }
            if other.in_place || !in_place {
                return;
            }
        }
        let found = Found {
            in_place,
            path,
            answer,
        };
        self.found.insert(exercise.to_owned(), found);
    }

    /// All that was found. `name` is the student's, if the submission does not say one.
    pub fn submission(mut self, name: &str, file: &str) -> Submission {
        if let Some(first) = self.outside.first() {
            let what = format!(
                "Paths that lead out of its folder are not looked at: `{first}`{}.",
                if self.outside.len() > 1 {
                    " and others"
                } else {
                    ""
                }
            );
            self.note(&what);
        }
        if self.found.is_empty() && self.notes.is_empty() {
            self.note("There is no `<exercise>/exercise.rs` in it.");
        }
        let said = self.name.map(|said| clean(&said)).unwrap_or_default();
        let name = if said.is_empty() { clean(name) } else { said };
        Submission {
            name: if name.is_empty() { clean(file) } else { name },
            file: file.to_owned(),
            answers: (self.found.into_iter())
                .map(|(exercise, found)| (exercise, found.answer))
                .collect(),
            notes: self.notes,
        }
    }
}

fn text(octets: Vec<u8>) -> Result<String, String> {
    if octets.trim_ascii().is_empty() {
        return Err("is empty".into());
    }
    String::from_utf8(octets).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("is not UTF-8 (see octet {at})")
    })
}

/// A name as it can be shown: in one line, and without what changes a terminal or the direction of
/// writing. Empty when nothing of it would be seen.
pub fn clean(name: &str) -> String {
    let shown = |c: &char| !c.is_control() && !is_order(*c) && !is_unseen(*c);
    let words: Vec<&str> = name.split_whitespace().collect();
    let name: String = (words.join(" ").chars().filter(shown).take(200)).collect();
    if name.width() > 0 {
        name.trim().to_owned()
    } else {
        String::new()
    }
}

/// Does it change the direction of writing? Then it could show one text as another.
pub fn is_order(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Spaces without width, and the ends of lines and paragraphs that are no control characters. (Not the
/// joiners: scripts and emoji need them.)
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_name_is_one_line_that_is_seen() {
        for (name, shown) in [
            ("Anna\nB\u{1b}[2J", "Anna B[2J"),
            ("evil\u{202e}txt", "eviltxt"),
            ("\u{200b}\u{feff} ", ""),
            ("\u{200d}", ""),
            ("مريم 👩\u{200d}👧", "مريم 👩\u{200d}👧"),
        ] {
            assert_eq!(clean(name), shown);
        }
    }
}
