//! Plays the book's terminal sessions against the real programs.
//!
//! A *scene* is a text file that says which programs run in which terminals, what is typed, and what
//! is waited for; `tests/README.md` describes it. [`player::play`] runs one and returns a
//! [`transcript::Transcript`], which is at once the expected result of a test and what the book
//! prints.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

pub mod folder;
pub mod live;
pub mod needs;
pub mod pattern;
pub mod player;
pub mod ports;
pub mod program;
pub mod scene;
pub mod screen;
pub mod slot;
pub mod transcript;
pub mod wire;

mod course;
mod tap;
mod write_down;

/// The root folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
        .to_owned()
}

/// The environment variable of who has just built all programs and starts many tests at once. Without it, each
/// test asks cargo to build, and waits until the others have asked.
pub const BUILT: &str = "COURSE_IS_BUILT";

/// The environment variable of who runs tests on a machine that is kept busy.
pub const CROWDED: &str = "COURSE_IS_CROWDED";

/// Whether one of these variables is set.
pub fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some()
}

/// Builds the lessons' programs, and the one that does the exercises' chores, and returns the folder
/// they are in.
///
/// # Errors
/// As [`build_lessons`].
pub fn build_programs() -> Result<PathBuf> {
    build_lessons()?;
    build(&["--package", course::PROGRAM])
}

/// Builds the lessons' programs, and returns the folder they are in.
///
/// It is the folder of the running program's own profile, so that nothing is compiled twice.
///
/// # Errors
/// When cargo cannot be started, or a program does not compile.
pub fn build_lessons() -> Result<PathBuf> {
    // The workspace's default members are the lessons.
    build(&[])
}

fn build(package: &[&str]) -> Result<PathBuf> {
    let (mut command, bin) = cargo_build(package)?;
    if is_set(BUILT) {
        return Ok(bin);
    }
    let status = command
        .arg("--quiet")
        .status()
        .context("cannot start cargo")?;
    if !status.success() {
        bail!("the programs do not compile: see the messages above");
    }
    Ok(bin)
}

/// Cargo with all it needs to build the programs of a package, or the lessons' programs, and the
/// folder in which they will be.
fn cargo_build(package: &[&str]) -> Result<(Command, PathBuf)> {
    let exe = std::env::current_exe()?;
    let mut bin = exe.parent().context("the running program has a folder")?;
    if bin.ends_with("deps") {
        bin = bin.parent().context("target/<profile>/deps has a parent")?;
    }
    let target = bin.parent().context("target/<profile> has a parent")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["build", "--bins"]);
    command.args(package).arg("--target-dir").arg(target);
    if bin.ends_with("release") {
        command.arg("--release");
    }
    Ok((command, bin.to_owned()))
}
