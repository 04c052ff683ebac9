//! Which files belong to the workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Without git: folders and files that are nobody's work, by name and by ending.
const JUNK: [&str; 9] = [
    "target",
    ".git",
    ".hg",
    ".svn",
    ".exercises",
    ".idea",
    ".vscode",
    ".DS_Store",
    "Thumbs.db",
];
const JUNK_ENDINGS: [&str; 7] = ["~", ".swp", ".bak", ".orig", ".rej", ".snap.new", ".zip"];

/// The files of the workspace, from its root.
pub struct Listed {
    pub paths: Vec<PathBuf>,
    /// What the teacher should know about them.
    pub notes: Vec<String>,
}

/// What git tracks, as it stands in the work tree; without git all files but junk.
pub fn list(root: &Path) -> Result<Listed> {
    let tracked = tracked(root)?;
    let (mut paths, mut notes) = (Vec::new(), Vec::new());
    if tracked.is_empty() {
        walk(root, Path::new(""), &mut paths)?;
        notes.push("git tracks nothing here: every file was taken; look for private ones".into());
    } else {
        let changed = changed(root)?;
        if changed > 0 {
            let files = match changed {
                1 => "1 file differs from the last commit, and is taken as it stands".to_owned(),
                _ => format!(
                    "{changed} files differ from the last commit, and are taken as they stand"
                ),
            };
            notes.push(files);
        }
        // One that was deleted and not committed is still listed.
        paths.extend(tracked.into_iter().filter(|path| root.join(path).exists()));
    }
    for path in &paths {
        let kind = fs::symlink_metadata(root.join(path))
            .with_context(|| format!("cannot read {}", path.display()))?;
        if !kind.is_file() {
            bail!("{} is a link: a handout has files only", path.display());
        }
    }
    paths.sort();
    Ok(Listed { paths, notes })
}

fn git(root: &Path, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.current_dir(root).args(arguments).stdin(Stdio::null());
    // Set while a hook runs: they may mean another repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(variable);
    }
    git
}

/// The files that git tracks; none where there is no git.
fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    let is_repository = root.ancestors().any(|folder| folder.join(".git").exists());
    if !is_repository {
        return Ok(Vec::new());
    }
    // To take all files because git does not answer could give away private ones.
    let output = git(root, &["ls-files", "-z"])
        .output()
        .context("there is a `.git`, and git does not start: install git")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!(
            "there is a `.git`, and git does not list its files: {}",
            said.trim()
        );
    }
    let text = String::from_utf8(output.stdout).context("a file's name is not UTF-8")?;
    Ok(text.split_terminator('\0').map(PathBuf::from).collect())
}

/// How many tracked files differ from the last commit. An answer to an exercise does not count: it is
/// reset.
fn changed(root: &Path) -> Result<usize> {
    let output = git(
        root,
        &["status", "--porcelain", "--untracked-files=no", "."],
    )
    .output()
    .context("cannot start git")?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text
        .lines()
        .filter(|line| !line.ends_with("/exercise.rs"))
        .count())
}

fn walk(root: &Path, folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    let said = || format!("cannot read {}", root.join(folder).display());
    for entry in fs::read_dir(root.join(folder)).with_context(said)? {
        let entry = entry.with_context(said)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_junk = JUNK.contains(&name.as_str())
            || JUNK_ENDINGS.iter().any(|ending| name.ends_with(ending));
        if is_junk {
            continue;
        }
        let path = folder.join(entry.file_name());
        if entry.file_type().with_context(said)?.is_dir() {
            // Cargo marks what it builds into; the book is built beside its chapters.
            let is_built =
                root.join(&path).join("CACHEDIR.TAG").exists() || path == Path::new("book/html");
            if !is_built {
                walk(root, &path, paths)?;
            }
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
