//! `SUMMARY.md`: the order of the chapters, with the lessons put in by the builder.

use crate::chapter::{Chapter, is_lesson};
use crate::fault::Fault;
use crate::plan;

/// The line that the lessons' chapters take the place of.
const LESSONS: &str = "{{#lessons}}";
const NAME: &str = "book/src/SUMMARY.md";

/// Puts the lessons in and leaves out what does not exist. Returns the summary in mdBook's own
/// form, and the files of its chapters in order.
pub fn complete(
    text: &str,
    chapters: &[Chapter],
    faults: &mut Vec<Fault>,
) -> (String, Vec<String>) {
    let mut summary = String::new();
    let mut listed: Vec<String> = Vec::new();
    let by_hand: Vec<&str> = text.lines().filter_map(target).collect();
    for (index, line) in text.lines().enumerate() {
        if line.trim() == LESSONS {
            let lessons = chapters.iter().filter(|chapter| {
                is_lesson(chapter.stem()) && !by_hand.contains(&chapter.file.as_str())
            });
            for chapter in lessons {
                summary.push_str(&entry(chapter));
                listed.push(chapter.file.clone());
            }
            continue;
        }
        if let Some(file) = target(line) {
            if listed.iter().any(|known| known == file) {
                faults.push(Fault::new(
                    NAME,
                    index + 1,
                    format!("{file} is listed twice"),
                    "leave one of the two lines out",
                ));
                continue;
            }
            if !chapters.iter().any(|chapter| chapter.file == file) {
                faults.push(Fault::new(
                    NAME,
                    index + 1,
                    format!("there is no book/src/{file}"),
                    "write the chapter, or take its line out",
                ));
                continue;
            }
            listed.push(file.to_owned());
        }
        summary.push_str(line);
        summary.push('\n');
    }
    for chapter in chapters {
        if !listed.contains(&chapter.file) {
            faults.push(Fault::new(
                chapter.name(),
                None,
                "no line of SUMMARY.md leads to this chapter",
                format!("list it in {NAME}, or take the file away"),
            ));
        }
    }
    (summary, listed)
}

fn entry(chapter: &Chapter) -> String {
    let heading = plan::heading(chapter)
        .replace('[', "\\[")
        .replace(']', "\\]");
    format!("- [{heading}]({})\n", chapter.file)
}

/// The file that a line of the summary links to.
fn target(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("](")?;
    let (file, _) = rest.split_once(')')?;
    let file = file.strip_prefix("./").unwrap_or(file);
    file.strip_suffix(".md").map(|_| file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapter(file: &str, text: &str) -> Chapter {
        Chapter::parse(file, text.to_owned(), &mut Vec::new())
    }

    #[test]
    fn lessons_are_put_in_and_faults_are_found() {
        let chapters = [
            chapter("01-ip.md", "---\nlesson: 01-ip\n---\n# Addresses\n"),
            chapter("04-tcp.md", "---\nlesson: 04-tcp\n---\n# Turns\n"),
            chapter("map.md", "# The map\n"),
            chapter("orphan.md", "# Nobody\n"),
        ];
        let mut faults = Vec::new();
        let text = "# Summary\n\n[Map](map.md)\n\n# Lessons\n\n{{#lessons}}\n- [No](no.md)\n- [Map](map.md)\n";
        let (summary, listed) = complete(text, &chapters, &mut faults);
        assert_eq!(
            summary,
            "# Summary\n\n[Map](map.md)\n\n# Lessons\n\n- [01 · Addresses](01-ip.md)\n- [04 · Turns](04-tcp.md)\n"
        );
        assert_eq!(listed, ["map.md", "01-ip.md", "04-tcp.md"]);
        let found: Vec<String> = faults.iter().map(|fault| fault.what.clone()).collect();
        assert_eq!(
            found,
            [
                "there is no book/src/no.md",
                "map.md is listed twice",
                "no line of SUMMARY.md leads to this chapter"
            ]
        );
    }
}
