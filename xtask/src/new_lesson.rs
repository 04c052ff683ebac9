//! `cargo xtask new-lesson`: a lesson that passes the tests at once, to be filled in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

/// The files of a new lesson. (The book finds a new chapter by itself.)
///
/// `NN-slug` in a name and `{{id}}` in a text are replaced.
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

/// A longer name would not fit into the lines of the template.
const LONGEST: usize = 20;

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
    if slug.len() > LONGEST {
        bail!("`{slug}` is too long for a lesson's name: use at most {LONGEST} characters");
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

    let files = TEMPLATES
        .iter()
        .map(|(path, text)| {
            let text = text
                .replace("{{id}}", &id)
                .replace("{{crate}}", &krate)
                .replace("{{title}}", &title);
            (root.join(path.replace("NN-slug", &id)), text)
        })
        .collect();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::root;

    #[test]
    fn the_next_number_is_taken_and_nothing_is_left_to_replace() {
        let files = plan(&root(), "made-up").unwrap();
        assert_eq!(files.len(), TEMPLATES.len());
        for (path, text) in &files {
            let name = path.display().to_string();
            assert!(name.contains("-made-up"), "{name}");
            for left in ["{{id}}", "{{crate}}", "{{title}}"] {
                assert!(!text.contains(left), "{name} still has {left}");
            }
        }
    }

    /// The names' lengths decide where rustfmt breaks lines.
    #[test]
    fn the_code_is_formatted_whatever_the_name() {
        for slug in ["x", "made-up", &"x".repeat(LONGEST)] {
            let folder = std::env::temp_dir().join(format!("xtask-{}-{slug}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            for (path, text) in plan(&root(), slug).unwrap() {
                if path.extension().is_some_and(|ending| ending == "rs") {
                    let copy = folder.join(path.file_name().unwrap());
                    fs::write(&copy, text).unwrap();
                    let rustfmt = std::process::Command::new("rustfmt")
                        .args(["--check", "--edition", "2024"])
                        .arg(&copy)
                        .output()
                        .unwrap();
                    let diff = String::from_utf8_lossy(&rustfmt.stdout);
                    assert!(rustfmt.status.success(), "{diff}");
                }
            }
            fs::remove_dir_all(&folder).unwrap();
        }
    }

    #[test]
    fn wrong_names_are_refused() {
        for slug in ["", "Framing", "two words", "a--b", "-a", "../x", "5th"] {
            assert!(plan(&root(), slug).is_err(), "{slug:?}");
        }
        let error = plan(&root(), &"x".repeat(LONGEST + 1))
            .unwrap_err()
            .to_string();
        assert!(error.contains("at most 20 characters"), "{error}");
        let error = plan(&root(), "tcp-chat").unwrap_err().to_string();
        assert!(error.contains("lessons/04-tcp-chat"), "{error}");
    }
}
