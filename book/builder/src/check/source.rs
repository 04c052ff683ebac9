//! Checks of a chapter's source: its sections, its fenced blocks, its length.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::WORDS;
use crate::chapter::{Chapter, Place, SourceLine};
use crate::directive::{self, Found};
use crate::fault::Fault;

/// The sections of a lesson's chapter, in their order.
const SECTIONS: [&str; 7] = [
    "Try it",
    "How it works",
    "What really crossed the wire",
    "What goes wrong",
    "Exercises",
    "In class",
    "Sources",
];

/// Languages of a fenced block that would be code or a terminal written by hand.
const BY_HAND: [(&str, &str); 8] = [
    (
        "rust",
        "include it from the file that compiles: `{{#listing path:anchor caption}}`",
    ),
    (
        "rs",
        "include it from the file that compiles: `{{#listing path:anchor caption}}`",
    ),
    ("console", "write a scene and show it: `{{#scene id}}`"),
    (
        "shell-session",
        "write a scene and show it: `{{#scene id}}`",
    ),
    ("sh-session", "write a scene and show it: `{{#scene id}}`"),
    ("terminal", "write a scene and show it: `{{#scene id}}`"),
    (
        "shell",
        "write a scene and show it: `{{#scene id}}`; a command alone may be `sh`",
    ),
    (
        "",
        "name its language: `text` for a wire format or a table of bits",
    ),
];

/// Everything that can be judged without building the book.
pub(super) fn check(chapter: &Chapter, faults: &mut Vec<Fault>) {
    if chapter.title.is_none() {
        faults.push(Fault::new(
            chapter.name(),
            chapter.front.lines + 1,
            "the chapter has no title",
            "begin it with a line `# Title`",
        ));
    }
    fences(chapter, faults);
    elements(chapter, faults);
    if chapter.front.lesson.is_some() || crate::chapter::is_lesson(chapter.stem()) {
        lesson_head(chapter, faults);
        sections(chapter, faults);
        length(chapter, faults);
    }
}

fn fences(chapter: &Chapter, faults: &mut Vec<Fault>) {
    for line in chapter.lines() {
        match line.place {
            Place::Fence(language) => {
                if let Some((_, mend)) = BY_HAND.iter().find(|(name, _)| *name == language) {
                    let what = if language.is_empty() {
                        "a fenced block of no language".to_owned()
                    } else {
                        format!("a `{language}` block written by hand")
                    };
                    faults.push(Fault::new(chapter.name(), line.number, what, *mend));
                }
            }
            Place::Code if line.text.trim_start().starts_with("$ ") => {
                faults.push(Fault::new(
                    chapter.name(),
                    line.number,
                    "a terminal written by hand: the line begins with `$ `",
                    "write a scene and show it: `{{#scene id}}`",
                ));
            }
            Place::Code | Place::Prose => {}
        }
    }
}

/// A chapter is text and figures; what runs or embeds something belongs to the theme.
fn elements(chapter: &Chapter, faults: &mut Vec<Fault>) {
    for line in chapter
        .lines()
        .iter()
        .filter(|line| line.place == Place::Prose)
    {
        let text: String = line.text.split('`').step_by(2).collect();
        for element in ["script", "style", "iframe", "object", "embed"] {
            if text.contains(&format!("<{element}")) {
                faults.push(Fault::new(
                    chapter.name(),
                    line.number,
                    format!("a `<{element}>` in a chapter"),
                    "chapters are readable without it: put scripts and styles into book/theme/",
                ));
            }
        }
    }
}

fn lesson_head(chapter: &Chapter, faults: &mut Vec<Fault>) {
    match &chapter.front.lesson {
        None => faults.push(Fault::new(
            chapter.name(),
            1,
            "the front matter names no lesson",
            format!(
                "begin the file with `---`, `lesson: {}`, `minutes: N`, `---`",
                chapter.stem()
            ),
        )),
        Some(lesson) if lesson != chapter.stem() => faults.push(Fault::new(
            chapter.name(),
            chapter.line_of("lesson:"),
            format!("the chapter of the lesson {lesson} has another name than its lesson"),
            format!("call it book/src/{lesson}.md"),
        )),
        Some(_) => {}
    }
    if chapter.front.minutes.is_none() {
        faults.push(Fault::new(
            chapter.name(),
            1,
            "the front matter has no minutes",
            "add `minutes: N`: how long the chapter takes in class",
        ));
    }
}

fn sections(chapter: &Chapter, faults: &mut Vec<Fault>) {
    let lines = chapter.lines();
    let prose: Vec<&SourceLine<'_>> = lines
        .iter()
        .filter(|line| line.place == Place::Prose)
        .collect();
    let headings: Vec<(usize, &str)> = prose
        .iter()
        .filter_map(|line| {
            line.text
                .strip_prefix("## ")
                .map(|name| (line.number, name.trim()))
        })
        .collect();

    // The place of the last section that stood where it should.
    let mut last: Option<usize> = None;
    for (number, name) in &headings {
        let place = SECTIONS.iter().position(|section| section == name);
        let (what, mend) = match (place, last) {
            (None, _) => (
                format!("there is no section `{name}` in a lesson's chapter"),
                format!(
                    "make it a `### ` heading; the sections are {}",
                    SECTIONS.join(", ")
                ),
            ),
            (Some(this), Some(before)) if this == before => (
                format!("the section `{name}` stands twice"),
                "make one of the two".to_owned(),
            ),
            (Some(this), Some(before)) if this < before => (
                format!("the section `{name}` is out of order"),
                format!("move it before `## {}`", SECTIONS[this + 1]),
            ),
            (Some(this), _) => {
                last = Some(this);
                continue;
            }
        };
        faults.push(Fault::new(chapter.name(), *number, what, mend));
    }
    for section in SECTIONS {
        if !headings.iter().any(|(_, name)| *name == section) {
            faults.push(Fault::new(
                chapter.name(),
                None,
                format!("the section `{section}` is missing"),
                format!(
                    "add `## {section}`; the sections are {}",
                    SECTIONS.join(", ")
                ),
            ));
        }
    }

    let first = headings.first().map_or(usize::MAX, |(number, _)| *number);
    let question = prose.iter().any(|line| {
        line.number < first && !line.text.starts_with('#') && !line.text.trim().is_empty()
    });
    if !question {
        faults.push(Fault::new(
            chapter.name(),
            chapter.line_of("# "),
            "nothing stands between the title and the first section",
            "write the question that the lesson answers under the title",
        ));
    }
    folded(chapter, &lines, &headings, faults);
}

/// `## In class` is folded: for the teacher, not in the learner's way.
fn folded(
    chapter: &Chapter,
    lines: &[SourceLine<'_>],
    headings: &[(usize, &str)],
    faults: &mut Vec<Fault>,
) {
    let Some((number, _)) = headings.iter().find(|(_, name)| *name == "In class") else {
        return;
    };
    let mut after = lines
        .iter()
        .filter(|line| line.number > *number && !line.text.trim().is_empty())
        .map(|line| line.text.trim());
    let opens = after
        .next()
        .is_some_and(|line| line.starts_with("<details>"));
    let named = after
        .next()
        .is_some_and(|line| line.starts_with("<summary>"));
    if !(opens && named) {
        faults.push(Fault::new(
            chapter.name(),
            *number,
            "`## In class` is not folded",
            "write `<details>` and `<summary>Minutes, misconceptions, questions to ask</summary>` \
             under it, each on a line of its own",
        ));
    }
}

fn length(chapter: &Chapter, faults: &mut Vec<Fault>) {
    let words = words(chapter);
    if chapter.front.draft || WORDS.contains(&words) {
        return;
    }
    let (what, mend) = if words < *WORDS.start() {
        (
            "short",
            "teach more of it, or say `draft: true` in the front matter for now",
        )
    } else {
        ("long", "cut it, or make two lessons of it")
    };
    faults.push(Fault::new(
        chapter.name(),
        None,
        format!("the chapter is too {what}: {words} words of prose"),
        format!("expected {} to {}: {mend}", WORDS.start(), WORDS.end()),
    ));
}

/// Words of prose. A piece of code inside a sentence is a word of it; blocks of code, directives
/// and HTML are none.
pub(super) fn words(chapter: &Chapter) -> usize {
    let mut text = String::new();
    for line in chapter.lines() {
        if line.place == Place::Prose && directive::find(line.text) != Found::Nothing {
            text.push('\n');
        } else {
            text.push_str(line.text);
            text.push('\n');
        }
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_GFM
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST;
    let mut prose = String::new();
    let mut in_code = false;
    for event in Parser::new_ext(&text, options) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(piece) if !in_code => prose.push_str(&piece),
            Event::Code(_) => prose.push_str("code"),
            Event::SoftBreak | Event::HardBreak => prose.push(' '),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition,
            ) => prose.push('\n'),
            _ => {}
        }
    }
    prose
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_prose_counts() {
        let text = "---\nminutes: 5\n---\n# Two words\n\nOne `let x = 1;` three, *four*.\n\n\
            {{#listing a.rs:b not these words}}\n\n```text\nnor these\n```\n\n\
            <div>nor this</div>\n\n| a | b |\n|---|---|\n| c | – |\n\n- item\n";
        let chapter = Chapter::parse("x.md", text.to_owned(), &mut Vec::new());
        // Title 2, sentence 4, table 3, item 1.
        assert_eq!(words(&chapter), 10);
    }
}
