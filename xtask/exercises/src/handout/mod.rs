//! `cargo xtask handout`: the workspace as students get it.
//!
//! No solutions, no known mistakes' files, every exercise as at the beginning. What is copied of an
//! exercise is listed here: a teacher's notes beside it stay at home. So does what only authors and
//! teachers need.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::catalog::{self, Exercise};
use crate::known::FILE;
use crate::put;

mod files;

/// A file in the root of a handout, and nowhere else: it tells what a handout is, and that it is one.
pub const NOTE: &str = "HANDOUT.md";

const NOTE_TEXT: &str = include_str!("../../template/HANDOUT.md");

/// The files of an exercise that students get as they are. `exercise.rs` is reset.
const GIVEN: [&str; 3] = ["task.md", "check.rs", FILE];

/// What stays at home with all that is in it: the course's own continuous integration, the answers that
/// mean harm (who reads them reads how the grader shuts answers in), and the runner's tests. Those play
/// with copies of real exercises, solutions too.
const AT_HOME: [&str; 3] = [".ci", "xtask/exercises/hostile", "xtask/exercises/tests"];

/// What was made.
#[derive(Debug)]
pub struct Handout {
    /// The folder.
    pub folder: PathBuf,
    /// How many files it has, without those of crates.
    pub files: usize,
    /// How many exercises.
    pub exercises: usize,
    /// What the teacher should know.
    pub notes: Vec<String>,
}

/// Makes a handout in `folder` and says so.
///
/// # Errors
/// Those of [`make`].
pub fn run(root: &Path, folder: &Path, vendored: bool) -> Result<ExitCode> {
    let made = make(root, folder, vendored)?;
    let place = made.folder.display();
    let notes = made
        .notes
        .iter()
        .map(|note| ["note: ", note, "\n"].concat());
    let notes: String = notes.collect();
    let text = format!(
        "{} files, {} exercises as at the beginning, no solutions: {place}\n{notes}\n\
         Try it before you hand it out:\n  cd {place}\n  cargo xtask doctor\n  \
         cargo xtask exercise list\n",
        made.files, made.exercises
    );
    put(&text);
    Ok(ExitCode::SUCCESS)
}

/// Makes a handout in `folder`, which must be empty or not there. With `vendored` the sources of all
/// crates stand in it.
///
/// # Errors
/// When the folder is not empty or stands in the workspace, when an exercise cannot be handed out as
/// it is, or when a file cannot be read or written. Then nothing is left in `folder`.
pub fn make(root: &Path, folder: &Path, vendored: bool) -> Result<Handout> {
    if root.join(NOTE).exists() {
        bail!("this is a handout itself: handouts are made in the course's own repository");
    }
    let folder = free_place(root, folder)?;
    let exercises = catalog::read(root)?;
    let listed = files::list(root)?;
    refuse_unready(root, &exercises, &listed.paths)?;

    let there_before = folder.exists();
    let made = fill(root, &folder, &exercises, listed, vendored);
    if made.is_err() {
        // Half a workspace is worse than none; the folder was empty or not there.
        let _ = fs::remove_dir_all(&folder);
        if there_before {
            let _ = fs::create_dir(&folder);
        }
    }
    made
}

fn fill(
    root: &Path,
    folder: &Path,
    exercises: &[Exercise],
    listed: files::Listed,
    vendored: bool,
) -> Result<Handout> {
    let mut notes = listed.notes;
    let mut count = 0;
    for path in listed.paths.iter().filter(|path| is_given(path)) {
        let (from, to) = (root.join(path), folder.join(path));
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot create {}", parent.display()))?;
        }
        fs::copy(&from, &to).with_context(|| format!("cannot copy {}", from.display()))?;
        count += 1;
    }
    for exercise in exercises {
        let to = folder.join(inside(root, exercise)).join("exercise.rs");
        fs::write(&to, &exercise.known.starter)
            .with_context(|| format!("cannot write {}", to.display()))?;
        count += 1;
    }
    fs::write(folder.join(NOTE), NOTE_TEXT).context("cannot write the note")?;
    if vendored {
        vendor(folder)?;
    }
    if let Err(error) = resolves_offline(folder, vendored) {
        if vendored {
            return Err(error.context("the vendored crates are not enough to build it"));
        }
        let hint = "run `cargo fetch --locked` there while you have the internet";
        notes.push(format!(
            "it does not build without the internet yet ({error}): {hint}"
        ));
    }
    Ok(Handout {
        folder: folder.to_owned(),
        files: count + 1,
        exercises: exercises.len(),
        notes,
    })
}

/// The folder as an absolute path. It is empty or not there, and not in the workspace.
fn free_place(root: &Path, folder: &Path) -> Result<PathBuf> {
    let asked = std::path::absolute(folder).context("the folder has no path")?;
    let mut there = asked.as_path();
    while !there.exists() {
        there = there.parent().context("the folder has no place")?;
    }
    let rest = asked.strip_prefix(there)?;
    if rest.components().any(|part| part == Component::ParentDir) {
        bail!("{}: name the folder without `..`", folder.display());
    }
    let mut real = there
        .canonicalize()
        .with_context(|| format!("cannot read {}", there.display()))?;
    // (An empty rest would add a separator at the end.)
    real.extend(rest);
    let shown = real.display();
    let root = root.canonicalize().context("cannot read the workspace")?;
    if real.starts_with(&root) {
        bail!(
            "{shown} stands in the workspace, and would become a part of it: name another folder"
        );
    }
    match fs::read_dir(&real) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                bail!(
                    "{shown} is not empty, and nothing is overwritten: name an empty folder, or a new one"
                );
            }
        }
        Err(_) if real.exists() => bail!("{shown} is not a folder that can be read: name another"),
        Err(_) => {}
    }
    Ok(real)
}

/// Every exercise must be one that can be handed out: known, and complete among the listed files.
fn refuse_unready(root: &Path, exercises: &[Exercise], listed: &[PathBuf]) -> Result<()> {
    let unknown: Vec<&str> = exercises
        .iter()
        .filter(|exercise| exercise.known.starter.is_empty())
        .map(|exercise| exercise.name.as_str())
        .collect();
    if !unknown.is_empty() {
        let names = unknown.join(" ");
        bail!(
            "without their {FILE} nobody knows how these exercises begin: {names}. Run \
             `cargo xtask exercise gate {names} --write`, and commit what it writes"
        );
    }
    for exercise in exercises {
        for file in GIVEN {
            let path = inside(root, exercise).join(file);
            if !listed.contains(&path) {
                bail!(
                    "{} is not among the files that git tracks: commit the exercise, or move it away",
                    path.display()
                );
            }
        }
    }
    Ok(())
}

fn inside<'a>(root: &Path, exercise: &'a Exercise) -> &'a Path {
    exercise
        .folder
        .strip_prefix(root)
        .unwrap_or(&exercise.folder)
}

/// Is a file of the workspace handed out as it is? Of an exercise, only what [`GIVEN`] lists.
fn is_given(path: &Path) -> bool {
    if AT_HOME.iter().any(|home| path.starts_with(home)) {
        return false;
    }
    let parts: Vec<_> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    match parts.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["lessons", _, "exercises", _, file] => GIVEN.contains(&file),
        ["lessons", _, "exercises", ..] => false,
        _ => true,
    }
}

fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(folder).stdin(Stdio::null());
    cargo
}

/// Puts the sources of all crates beside the lessons, and tells Cargo so.
fn vendor(folder: &Path) -> Result<()> {
    put("copying the sources of all crates: this takes a minute\n");
    let output = cargo(folder)
        .args(["vendor", "--locked", "vendor"])
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`cargo vendor` has failed. It needs the internet unless all crates are here:\n{said}"
        );
    }
    let path = folder.join(".cargo/config.toml");
    let mut config = fs::read_to_string(&path).unwrap_or_default();
    config += "\n# Written by `cargo xtask handout --vendored`: the crates stand in `vendor`.\n";
    config += &String::from_utf8_lossy(&output.stdout);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).context("cannot create .cargo")?;
    }
    fs::write(&path, config).with_context(|| format!("cannot write {}", path.display()))
}

/// Are all crates here that this system needs? Otherwise, what Cargo says. `vendored` crates must do
/// without those that this user has fetched.
fn resolves_offline(folder: &Path, vendored: bool) -> Result<()> {
    let mut cargo = cargo(folder);
    cargo
        .args(["metadata", "--format-version=1", "--offline", "--locked"])
        .args(["--filter-platform", &host()?]);
    let empty = folder.join("target/empty-home");
    if vendored {
        cargo.env("CARGO_HOME", &empty);
    }
    let output = cargo.output().context("cannot start cargo")?;
    if vendored {
        let _ = fs::remove_dir_all(folder.join("target"));
    }
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().next().unwrap_or("cargo fails");
    bail!("{}", line.trim_start_matches("error: "));
}

/// The system that rustc compiles for.
fn host() -> Result<String> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--print", "host-tuple"])
        .output()
        .context("cannot start rustc")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_exercise_only_the_listed_files_are_given() {
        for path in ["task.md", "check.rs", "known.json"] {
            assert!(
                is_given(&Path::new("lessons/01-x/exercises/y").join(path)),
                "{path}"
            );
        }
        for path in [
            "solution.rs",
            "exercise.rs",
            "wrong/a.rs",
            "wrong/task.md",
            "solution.rs.orig",
            "notes/check.rs",
        ] {
            assert!(
                !is_given(&Path::new("lessons/01-x/exercises/y").join(path)),
                "{path}"
            );
        }
        assert!(!is_given(Path::new("lessons/01-x/exercises/notes.md")));
        for path in [
            ".ci/run",
            "xtask/exercises/hostile/forks.rs",
            "xtask/exercises/tests/course/lessons/01-x/exercises/y/solution.rs",
        ] {
            assert!(!is_given(Path::new(path)), "{path}");
        }
        assert!(is_given(Path::new("xtask/exercises/src/main.rs")));
        assert!(is_given(Path::new("lessons/01-x/src/solution.rs")));
    }
}
