//! `cargo xtask exercise new`: an exercise to be filled in.
//!
//! What it writes compiles, so that nothing else in the workspace stands still meanwhile. The gate
//! refuses it until every `FILL IN` has gone.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::catalog;
use crate::gate::{UNNAMED, entry, is_slug};

/// The files. `{{lesson}}` and `{{number}}` in a text are replaced.
const TEMPLATES: [(&str, &str); 4] = [
    ("task.md", include_str!("../template/task.md")),
    ("exercise.rs", include_str!("../template/exercise.rs")),
    ("check.rs", include_str!("../template/check.rs")),
    ("solution.rs", include_str!("../template/solution.rs")),
];

/// A known mistake.
const WRONG: &str = include_str!("../template/wrong.rs");

/// A longer name would not fit into the lists.
const LONGEST: usize = 32;

/// Writes the files, makes the exercise known to Cargo, and says what to do next.
///
/// # Errors
/// When there is no such lesson, when the name is taken or no name for an exercise, or when a file
/// cannot be written.
pub fn create(root: &Path, lesson: &str, name: &str) -> Result<ExitCode> {
    let lesson = find_lesson(root, lesson)?;
    refuse(root, &lesson, name)?;
    let manifest = format!("lessons/{lesson}/Cargo.toml");
    let text = fs::read_to_string(root.join(&manifest))
        .with_context(|| format!("cannot read {manifest}"))?;
    let text = with_exercise(&text, name).context(manifest.clone())?;

    let folder = format!("lessons/{lesson}/exercises/{name}");
    let mut files: Vec<(String, String)> = TEMPLATES
        .iter()
        .map(|(file, text)| {
            (
                format!("{folder}/{file}"),
                text.replace("{{lesson}}", &lesson),
            )
        })
        .collect();
    for number in ["1", "2", "3"] {
        files.push((
            format!("{folder}/wrong/{UNNAMED}-{number}.rs"),
            WRONG.replace("{{number}}", number),
        ));
    }
    // The entry last: it must not name what is not there.
    files.push((manifest, text));
    for (file, text) in &files {
        let path = root.join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot create {}", folder.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {file}"))?;
        println!("wrote {file}");
    }
    println!(
        "\nNext: fill it in (xtask/exercises/README.md says how), and ask\n  \
         cargo xtask exercise gate {name}\nwhat is still missing. When it names `known.json` only:\n  \
         cargo xtask exercise gate {name} --write"
    );
    Ok(ExitCode::SUCCESS)
}

/// The lesson's folder name, for `4`, `04` or `04-tcp-chat`.
fn find_lesson(root: &Path, asked: &str) -> Result<String> {
    let mut lessons = Vec::new();
    for entry in fs::read_dir(root.join("lessons")).context("cannot read the folder lessons")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if root.join("lessons").join(&name).join("Cargo.toml").exists() {
            lessons.push(name);
        }
    }
    lessons.sort();
    let number = |name: &str| {
        name.split('-')
            .next()
            .unwrap_or_default()
            .parse::<u32>()
            .ok()
    };
    let found = lessons.iter().find(|name| {
        *name == asked || (asked.parse::<u32>().is_ok() && number(name) == asked.parse().ok())
    });
    match found {
        Some(lesson) => Ok(lesson.clone()),
        None => bail!(
            "there is no lesson `{asked}`: take one of {}",
            lessons.join(", ")
        ),
    }
}

/// Refuses names that cannot be an exercise's.
fn refuse(root: &Path, lesson: &str, name: &str) -> Result<()> {
    if !is_slug(name) {
        bail!(
            "`{name}` is not an exercise's name: use lower-case words joined by `-`, such as \
             `cut-character`"
        );
    }
    if name.len() > LONGEST {
        bail!("`{name}` is too long for an exercise's name: use at most {LONGEST} characters");
    }
    if let Some(other) = catalog::places(root)?
        .iter()
        .find(|place| place.name == name)
    {
        bail!(
            "there is an exercise of this name already: lessons/{}/exercises/{name}",
            other.lesson
        );
    }
    let tests = root.join("lessons").join(lesson).join("tests");
    if tests.join(format!("{name}.rs")).exists() || tests.join(name).exists() {
        bail!(
            "lessons/{lesson}/tests has a test of this name: Cargo needs another for the exercise"
        );
    }
    Ok(())
}

/// The lesson's `Cargo.toml` with an entry for the exercise, and with the kit.
fn with_exercise(manifest: &str, name: &str) -> Result<String> {
    const KIT: &str = "kit.workspace = true\n";
    const SECTION: &str = "[dev-dependencies]\n";
    let parsed: toml::Table = toml::from_str(manifest)?;
    if let Some(tests) = parsed.get("test").and_then(toml::Value::as_array)
        && (tests.iter()).any(|test| test.get("name").and_then(toml::Value::as_str) == Some(name))
    {
        bail!("it has an entry `{name}` already, for an exercise that is not there: remove it");
    }
    let mut text = manifest.replace("\r\n", "\n").trim_end().to_owned() + "\n";
    let has_kit = (parsed.get("dev-dependencies")).is_some_and(|all| all.get("kit").is_some());
    if !has_kit {
        match text.find(SECTION) {
            Some(at) => text.insert_str(at + SECTION.len(), KIT),
            None => text = format!("{text}\n{SECTION}{KIT}"),
        }
    }
    if !text.contains("\n[[test]]") {
        text += "\n# The exercises: editors and Clippy see them here, and `cargo xtask exercise` runs them.";
    }
    text += "\n";
    text += &entry(name);
    toml::from_str::<toml::Table>(&text).context("the new entry does not fit into it")?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kit_is_added_where_it_is_missing() {
        let with = "[package]\nname = \"x\"\n\n[dev-dependencies]\nkit.workspace = true\n";
        assert_eq!(with_exercise(with, "a").unwrap().matches("kit").count(), 1);
        let without = "[package]\nname = \"x\"\n\n[dev-dependencies]\nproptest = \"1\"\n";
        let text = with_exercise(without, "a").unwrap();
        assert!(
            text.contains("[dev-dependencies]\nkit.workspace = true\nproptest"),
            "{text}"
        );
        let none = "[package]\nname = \"x\"\n";
        let text = with_exercise(none, "a").unwrap();
        assert!(
            text.contains("[dev-dependencies]\nkit.workspace = true\n"),
            "{text}"
        );
        let twice = with_exercise(&text, "b").unwrap();
        assert_eq!(twice.matches("[[test]]").count(), 2);
        assert_eq!(twice.matches("# The exercises").count(), 1);
        assert!(with_exercise(&twice, "b").is_err());
    }
}
