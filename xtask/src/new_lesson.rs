//! `cargo xtask new-lesson`: a lesson that passes the tests at once, to be filled in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

/// The files of a new lesson. `NN-slug` in a name and `{{id}}` in a text are replaced.
const TEMPLATES: [(&str, &str); 6] = [
    (
        "lessons/NN-slug/Cargo.toml",
        include_str!("../template/Cargo.toml"),
    ),
    (
        "lessons/NN-slug/src/lib.rs",
        include_str!("../template/lib.rs"),
    ),
    (
        "lessons/NN-slug/src/main.rs",
        include_str!("../template/main.rs"),
    ),
    (
        "tests/scenes/NN-slug/first-run.scene",
        include_str!("../template/first-run.scene"),
    ),
    (
        "tests/snapshots/NN-slug__first-run.snap",
        include_str!("../template/first-run.snap"),
    ),
    (
        "book/src/NN-slug.md",
        include_str!("../template/chapter.md"),
    ),
];

/// Where the book lists its chapters.
const SUMMARY: &str = "book/src/SUMMARY.md";

/// Writes the files and says what to do next.
pub fn create(root: &Path, slug: &str) -> Result<ExitCode> {
    let files = plan(root, slug)?;
    for (path, text) in &files {
        let folder = path.parent().context("every file has a folder")?;
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        println!(
            "wrote {}",
            path.strip_prefix(root).unwrap_or(path).display()
        );
    }
    println!("\nNext: `cargo xtask test`, then fill it in, and add its row to README.md.");
    Ok(ExitCode::SUCCESS)
}

/// All files with their new text.
fn plan(root: &Path, slug: &str) -> Result<Vec<(PathBuf, String)>> {
    let well_formed = slug.starts_with(|c: char| c.is_ascii_lowercase())
        && slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        });
    if !well_formed {
        bail!(
            "`{slug}` is not a lesson's name: use lower-case words joined by `-`, such as `framing`"
        );
    }
    let mut numbers = Vec::new();
    for entry in fs::read_dir(root.join("lessons"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let Some((number, other)) = name.split_once('-') else {
            continue;
        };
        if other == slug {
            bail!("there is a lesson of this name already: lessons/{name}");
        }
        numbers.extend(number.parse::<u32>());
    }
    let number = numbers.into_iter().max().map_or(0, |last| last + 1);
    let id = format!("{number:02}-{slug}");
    let krate = format!("lesson_{}", id.replace('-', "_"));
    let title = slug.replace('-', " ");

    let mut files: Vec<(PathBuf, String)> = TEMPLATES
        .iter()
        .map(|(path, text)| {
            let text = text
                .replace("{{id}}", &id)
                .replace("{{crate}}", &krate)
                .replace("{{title}}", &title);
            (root.join(path.replace("NN-slug", &id)), text)
        })
        .collect();
    let summary = root.join(SUMMARY);
    let text = fs::read_to_string(&summary).context("cannot read the book's SUMMARY.md")?;
    files.push((
        summary,
        add_to_summary(&text, &format!("- [{title}]({id}.md)"))?,
    ));
    Ok(files)
}

/// Adds a line after the last lesson's: those link to a file whose name starts with its number.
fn add_to_summary(summary: &str, line: &str) -> Result<String> {
    let is_lesson = |text: &str| {
        text.split_once("](")
            .is_some_and(|(_, file)| file.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut lines: Vec<&str> = summary.lines().collect();
    let last = lines.iter().rposition(|text| is_lesson(text));
    let last = last.with_context(|| format!("{SUMMARY} lists no lesson"))?;
    lines.insert(last + 1, line);
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::root;

    #[test]
    fn the_next_number_is_taken_and_nothing_is_left_to_replace() {
        let files = plan(&root(), "made-up").unwrap();
        assert_eq!(files.len(), TEMPLATES.len() + 1);
        for (path, text) in &files {
            let name = path.display().to_string();
            assert!(
                name.ends_with("SUMMARY.md") || name.contains("-made-up"),
                "{name}"
            );
            for left in ["{{id}}", "{{crate}}", "{{title}}"] {
                assert!(!text.contains(left), "{name} still has {left}");
            }
        }
    }

    #[test]
    fn wrong_names_are_refused() {
        for slug in ["", "Framing", "two words", "a--b", "-a", "../x", "5th"] {
            assert!(plan(&root(), slug).is_err(), "{slug:?}");
        }
        let error = plan(&root(), "tcp-chat").unwrap_err().to_string();
        assert!(error.contains("lessons/04-tcp-chat"), "{error}");
    }

    #[test]
    fn the_summary_grows_after_the_last_lesson() {
        let text = "# S\n\n- [A](00-a.md)\n- [B](01-b.md)\n- [Glossary](glossary.md)\n";
        let grown = add_to_summary(text, "- [C](02-c.md)").unwrap();
        assert_eq!(
            grown,
            "# S\n\n- [A](00-a.md)\n- [B](01-b.md)\n- [C](02-c.md)\n- [Glossary](glossary.md)\n"
        );
    }
}
