//! A chapter as it stands in `book/src/`: front matter, title, and lines that know whether they
//! are prose or inside a fenced block.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::fault::Fault;
use crate::layout::Layout;

/// Octets of a chapter: more than ten times the longest.
const LARGEST: u64 = 1024 * 1024;

/// A chapter's source.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// The file's name in `book/src/`.
    pub file: String,
    /// All of its text, front matter included.
    pub text: String,
    /// What stands between the `---` lines at its top.
    pub front: FrontMatter,
    /// The first `# ` heading.
    pub title: Option<String>,
}

/// The head of a chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// The lesson that the chapter teaches, such as `04-tcp-chat`.
    pub lesson: Option<String>,
    /// How long it takes in class.
    pub minutes: Option<u32>,
    /// A draft: its length is not judged.
    pub draft: bool,
    /// How many lines the front matter takes, its `---` lines included.
    pub lines: usize,
}

/// A line of a chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLine<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// Its text.
    pub text: &'a str,
    /// What it belongs to.
    pub place: Place<'a>,
}

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Ordinary Markdown.
    Prose,
    /// The line that opens a fenced block; with the block's language.
    Fence(&'a str),
    /// Inside a fenced block, or the line that closes it.
    Code,
}

impl Chapter {
    /// Takes a chapter's text apart. What is wrong with its front matter goes to `faults`.
    pub fn parse(file: &str, text: String, faults: &mut Vec<Fault>) -> Self {
        let front = front_matter(file, &text, faults);
        let mut chapter = Self {
            file: file.to_owned(),
            text,
            front,
            title: None,
        };
        chapter.title = chapter
            .lines()
            .iter()
            .find(|line| line.place == Place::Prose && line.text.starts_with("# "))
            .map(|line| line.text[2..].trim().to_owned());
        chapter
    }

    /// Reads every chapter of the book, in the order of their file names.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn all(layout: &Layout, faults: &mut Vec<Fault>) -> Result<Vec<Self>> {
        let folder = layout.chapters();
        let mut chapters = Vec::new();
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let Some(file) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if path.extension().is_none_or(|ending| ending != "md") || file == "SUMMARY.md" {
                continue;
            }
            let text = read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            chapters.push(Self::parse(file, text, faults));
        }
        chapters.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(chapters)
    }

    /// The file's name without `.md`.
    pub fn stem(&self) -> &str {
        self.file.strip_suffix(".md").unwrap_or(&self.file)
    }

    /// The file's name in messages.
    pub fn name(&self) -> String {
        Layout::chapter_name(&self.file)
    }

    /// The lines after the front matter.
    pub fn lines(&self) -> Vec<SourceLine<'_>> {
        let mut open: Option<(char, usize)> = None;
        self.text
            .lines()
            .enumerate()
            .skip(self.front.lines)
            .map(|(index, text)| {
                let fence = fence(text);
                let place = match (open, fence) {
                    (None, Some((sign, length, info))) => {
                        open = Some((sign, length));
                        let language = info.split([' ', ',', '\t', '{']).next().unwrap_or_default();
                        Place::Fence(language)
                    }
                    (Some((sign, length)), Some((this, this_length, "")))
                        if sign == this && this_length >= length =>
                    {
                        open = None;
                        Place::Code
                    }
                    (Some(_), _) => Place::Code,
                    (None, None) => Place::Prose,
                };
                SourceLine {
                    number: index + 1,
                    text,
                    place,
                }
            })
            .collect()
    }

    /// The number of the first line that contains `needle`, for messages about what was found in
    /// the finished page.
    pub fn line_of(&self, needle: &str) -> Option<usize> {
        self.text
            .lines()
            .position(|line| line.contains(needle))
            .map(|index| index + 1)
    }
}

/// Is this lesson name well formed: two digits, a hyphen, and a slug?
pub fn is_lesson(name: &str) -> bool {
    let Some((number, slug)) = name.split_once('-') else {
        return false;
    };
    number.len() == 2
        && number.bytes().all(|b| b.is_ascii_digit())
        && !slug.is_empty()
        && slug
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// A line of three or more backquotes or tildes: its sign, length, and what follows
/// (CommonMark 0.31 §4.5; block quotes and list items before it are looked through).
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let inner = line.trim_start_matches([' ', '>', '-', '*', '\t']);
    let sign = inner
        .chars()
        .next()
        .filter(|sign| matches!(sign, '`' | '~'))?;
    let length = inner.chars().take_while(|&ch| ch == sign).count();
    let info = inner[length..].trim();
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length, info))
}

fn front_matter(file: &str, text: &str, faults: &mut Vec<Fault>) -> FrontMatter {
    const FORM: &str =
        "write `lesson: NN-slug` and `minutes: N`, each on its own line between two `---` lines";
    let name = Layout::chapter_name(file);
    let mut front = FrontMatter::default();
    let mut lines = text.lines().enumerate();
    if lines.next().is_none_or(|(_, line)| line != "---") {
        return front;
    }
    for (index, line) in lines {
        let number = index + 1;
        if line == "---" {
            front.lines = number;
            return front;
        }
        let (key, value) = line
            .split_once(':')
            .map_or((line, ""), |(k, v)| (k.trim(), v.trim()));
        match key {
            "lesson" if is_lesson(value) => front.lesson = Some(value.to_owned()),
            "lesson" => faults.push(Fault::new(
                &name,
                number,
                format!("`{value}` is no lesson"),
                "expected two digits and a slug, such as `lesson: 04-tcp-chat`",
            )),
            "minutes" => match value.parse() {
                Ok(minutes @ 1..=600) => front.minutes = Some(minutes),
                _ => faults.push(Fault::new(
                    &name,
                    number,
                    format!("`{value}` is no number of minutes"),
                    "expected a whole number from 1 to 600, such as `minutes: 60`",
                )),
            },
            "draft" if value == "true" => front.draft = true,
            "" if value.is_empty() => {}
            _ => faults.push(Fault::new(
                &name,
                number,
                format!("the front matter has no `{}`", line.trim()),
                FORM,
            )),
        }
    }
    faults.push(Fault::new(name, 1, "the front matter is not closed", FORM));
    FrontMatter::default()
}

/// The text of a chapter. `serve` would build a log or a dump that was saved as one for minutes, and hear
/// of no mend meanwhile.
fn read(path: &Path) -> Result<String> {
    let size = fs::metadata(path)?.len();
    if size > LARGEST {
        bail!("it has {size} octets, and a chapter has at most {LARGEST}");
    }
    Ok(fs::read_to_string(path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Chapter, Vec<Fault>) {
        let mut faults = Vec::new();
        let chapter = Chapter::parse("04-tcp-chat.md", text.to_owned(), &mut faults);
        (chapter, faults)
    }

    #[test]
    fn the_front_matter_is_read() {
        let (chapter, faults) =
            parse("---\nlesson: 04-tcp-chat\nminutes: 60\n---\n# Taking turns\n");
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(chapter.front.lesson.as_deref(), Some("04-tcp-chat"));
        assert_eq!(chapter.front.minutes, Some(60));
        assert_eq!(chapter.title.as_deref(), Some("Taking turns"));
        assert_eq!(chapter.lines()[0].number, 5);
    }

    #[test]
    fn each_fault_of_the_front_matter_names_its_line() {
        let (_, faults) = parse("---\nlesson: chat\nminutes: many\ncolour: red\n---\n");
        let lines: Vec<_> = faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [Some(2), Some(3), Some(4)]);
        let (_, faults) = parse("---\nminutes: 5\n");
        assert!(faults[0].what.contains("not closed"));
    }

    #[test]
    fn fences_are_seen_in_lists_and_quotes_and_closed_by_their_like() {
        let (chapter, _) = parse("a\n- ```text\n  `~~~`\n  ```\n~~~~ rust,x\n```\n~~~\n~~~~\nb\n");
        let places: Vec<_> = chapter.lines().iter().map(|line| line.place).collect();
        assert_eq!(
            places,
            [
                Place::Prose,
                Place::Fence("text"),
                Place::Code,
                Place::Code,
                Place::Fence("rust"),
                Place::Code,
                Place::Code,
                Place::Code,
                Place::Prose
            ]
        );
    }

    #[test]
    fn a_file_that_is_no_chapter_by_its_size_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        fs::create_dir_all(layout.chapters()).unwrap();
        let file = layout.chapters().join("x.md");
        let all = || Chapter::all(&layout, &mut Vec::new());
        let most = usize::try_from(LARGEST).unwrap();
        fs::write(&file, "x".repeat(most)).unwrap();
        assert_eq!(all().unwrap().len(), 1);
        fs::write(&file, "x".repeat(most + 1)).unwrap();
        let error = format!("{:#}", all().unwrap_err());
        assert!(error.contains("x.md: it has 1048577 octets"), "{error}");
    }
}
