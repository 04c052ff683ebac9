//! `cold`: what a student waits for at the very first.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::process;
use crate::turns::Turns;

const EMPTY: &str = "an empty program";
const LESSONS: [&str; 2] = ["lesson-04-tcp-chat", "lesson-01-ip-address"];

/// The profile is that of `cargo run`, because this is what a student types.
pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let empty = empty(context)?;
    let folder = empty.parent().context("a file has a folder")?.to_owned();
    // What must be downloaded is downloaded now.
    context.build(&["fetch", "--quiet"])?;
    let mut turns = Turns::new(
        "`cargo build` into an empty folder",
        Unit::Seconds,
        context.choose(2, 5),
    );
    let target = || {
        let target = context.scratch("target");
        if target.exists() {
            fs::remove_dir_all(&target).context("cannot empty the folder")?;
        }
        Ok::<_, anyhow::Error>(target)
    };
    for lesson in LESSONS {
        turns.ours(lesson, move || {
            let mut cargo = context.cargo(&["build", "--quiet", "--offline", "-p", lesson]);
            process::seconds(cargo.arg("--target-dir").arg(target()?))
        });
        turns.at_most(lesson, 1.3, EMPTY);
    }
    turns.peer(EMPTY, move || {
        let mut cargo = context.cargo(&["build", "--quiet", "--offline"]);
        cargo.current_dir(&folder);
        process::seconds(cargo.arg("--target-dir").arg(target()?))
    });
    Ok(vec![turns.take()?])
}

/// Writes a program that does nothing, with the same clap and anyhow, in the same versions, built in
/// the same way. Gives its manifest.
fn empty(context: &Context) -> Result<PathBuf> {
    let folder = context.scratch("empty");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/main.rs"), "fn main() {}\n")?;
    let root = context.root();
    let workspace = fs::read_to_string(root.join("Cargo.toml"))?;
    let line = |name: &str| {
        let start = format!("{name} = ");
        let found = workspace.lines().find(|line| line.starts_with(&start));
        found.with_context(|| format!("the workspace has no {name}"))
    };
    let profiles = workspace
        .find("[profile.")
        .map_or("", |place| &workspace[place..]);
    let manifest = format!(
        "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[dependencies]\n{}\n{}\n\n[workspace]\n\n{profiles}",
        line("anyhow")?,
        line("clap")?,
    );
    let file = folder.join("Cargo.toml");
    fs::write(&file, manifest)?;
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(file)
}
