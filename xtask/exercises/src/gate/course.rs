//! What must be true of the exercises together: names, titles, their entries in the lessons'
//! `Cargo.toml`, how many there are.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::Fault;
use super::folder::Draft;

/// A lesson that has exercises has so many.
const FEWEST: usize = 5;

/// Finds fault with all of them. With `names`, only what concerns the exercises of these names.
pub fn faults(root: &Path, all: &[Draft], names: &[String]) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let chosen = |draft: &Draft| names.is_empty() || names.contains(&draft.place.name);
    same_names(root, all, &mut faults);
    titles(root, all, &chosen, &mut faults);
    let mut lessons: BTreeMap<&str, Vec<&Draft>> = BTreeMap::new();
    for draft in all {
        lessons.entry(&draft.place.lesson).or_default().push(draft);
    }
    for (lesson, drafts) in &lessons {
        if names.is_empty() && drafts.len() < FEWEST {
            faults.push(Fault::new(
                format!("lessons/{lesson}/exercises"),
                format!("{} of {FEWEST} exercises", drafts.len()),
                format!("write at least {FEWEST} for a lesson: `cargo xtask exercise new {lesson} <slug>`"),
            ));
        }
        if drafts.iter().any(|draft| chosen(draft)) {
            entries(root, lesson, drafts, &chosen, &mut faults)?;
        }
    }
    // A lesson may have entries and no exercise at all.
    if names.is_empty() {
        for entry in fs::read_dir(root.join("lessons")).context("cannot read lessons")? {
            let lesson = entry?.file_name().to_string_lossy().into_owned();
            if !lessons.contains_key(lesson.as_str())
                && root
                    .join("lessons")
                    .join(&lesson)
                    .join("Cargo.toml")
                    .exists()
            {
                entries(root, &lesson, &[], &chosen, &mut faults)?;
            }
        }
    }
    Ok(faults)
}

fn same_names(root: &Path, all: &[Draft], faults: &mut Vec<Fault>) {
    let mut seen: BTreeMap<&str, &Draft> = BTreeMap::new();
    for draft in all {
        if let Some(first) = seen.insert(&draft.place.name, draft) {
            faults.push(Fault::new(
                shown(root, &draft.place.folder),
                format!("an exercise of {} has this name too", first.place.lesson),
                "rename one of them: `check <name>` must know which one is meant",
            ));
        }
    }
}

/// The same misconception has one name and one title everywhere, so that a class can be counted.
fn titles(root: &Path, all: &[Draft], chosen: &impl Fn(&Draft) -> bool, faults: &mut Vec<Fault>) {
    let known: Vec<_> = all
        .iter()
        .flat_map(|draft| draft.wrongs.iter().map(move |wrong| (draft, wrong)))
        .collect();
    for (draft, wrong) in &known {
        if !chosen(draft) {
            continue;
        }
        let other = known.iter().map(|(_, other)| other).find(|other| {
            let (same_name, same_title) = (other.name == wrong.name, other.title == wrong.title);
            same_name != same_title
        });
        if let Some(other) = other {
            let place = shown(root, &other.path);
            let what = if other.name == wrong.name {
                format!("its title is not that of {place}: \"{}\"", other.title)
            } else {
                format!("it has the title of {place}, and another name")
            };
            faults.push(Fault::new(
                shown(root, &wrong.path),
                what,
                "one misconception has one name and one title: give both files the same, or make \
                 both different",
            ));
        }
    }
}

/// What of a lesson's `Cargo.toml` is about exercises.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    test: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    name: String,
    #[serde(default)]
    path: String,
    #[serde(default = "yes")]
    harness: bool,
    #[serde(default = "yes")]
    test: bool,
}

fn yes() -> bool {
    true
}

/// The entry that makes an exercise known to Cargo.
pub fn entry(name: &str) -> String {
    format!(
        "[[test]]\nname = \"{name}\"\npath = \"exercises/{name}/check.rs\"\nharness = false\ntest = false\n"
    )
}

fn entries(
    root: &Path,
    lesson: &str,
    drafts: &[&Draft],
    chosen: &impl Fn(&Draft) -> bool,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let shown = format!("lessons/{lesson}/Cargo.toml");
    let text =
        fs::read_to_string(root.join(&shown)).with_context(|| format!("cannot read {shown}"))?;
    let manifest: Manifest = toml::from_str(&text).with_context(|| shown.clone())?;
    for draft in drafts.iter().filter(|draft| chosen(draft)) {
        let name = &draft.place.name;
        let path = format!("exercises/{name}/check.rs");
        let own: Vec<&Entry> = (manifest.test.iter())
            .filter(|entry| entry.name == *name || entry.path == path)
            .collect();
        let what = match own.as_slice() {
            [] => "has no entry",
            [entry]
                if entry.name == *name && entry.path == path && !entry.harness && !entry.test =>
            {
                continue;
            }
            [_] => "has an entry of another form",
            _ => "has more than one entry",
        };
        let mend = format!(
            "write this for it:\n\n    {}",
            entry(name).trim_end().replace('\n', "\n    ")
        );
        faults.push(Fault::new(
            &shown,
            format!("the exercise `{name}` {what}"),
            mend,
        ));
    }
    for entry in &manifest.test {
        let lost = entry.path.starts_with("exercises/")
            && !root.join("lessons").join(lesson).join(&entry.path).exists();
        if lost {
            faults.push(Fault::new(
                &shown,
                format!(
                    "the entry `{}` names {}, which is not there",
                    entry.name, entry.path
                ),
                "remove the entry, or write the exercise",
            ));
        }
    }
    Ok(())
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}
