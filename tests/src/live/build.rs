//! Building the programs of a scene while somebody watches.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use super::Remote;
use crate::course;
use crate::scene::{Action, Scene};

/// Lines of cargo that say why something does not compile.
const LAST_LINES: usize = 20;

/// Builds the programs that the scene needs, as [`crate::build_programs`] does, and returns the folder
/// they are in. `say` hears each line of cargo, and may wait. [`Remote::end`] kills cargo.
///
/// # Errors
/// When cargo cannot be started, or a program does not compile: the message has cargo's last lines.
pub fn build(scene: &Scene, remote: &Remote, mut say: impl FnMut(&str)) -> Result<PathBuf> {
    let is_chore = |action: &Action| match action {
        Action::Start(command) => course::is_chore(command),
        _ => false,
    };
    let needs_chores = scene.course || scene.steps.iter().any(|step| is_chore(&step.action));
    let bin = cargo(&[], remote, &mut say)?;
    if needs_chores {
        cargo(&["--package", course::PROGRAM], remote, &mut say)?;
    }
    Ok(bin)
}

fn cargo(package: &[&str], remote: &Remote, say: &mut impl FnMut(&str)) -> Result<PathBuf> {
    let (mut command, bin) = crate::cargo_build(package)?;
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().context("cannot start cargo")?;
    remote.born(child.id());
    let mut last = VecDeque::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line);
            say(line.trim());
            last.push_back(line.trim_end().to_owned());
            if last.len() > LAST_LINES {
                last.pop_front();
            }
        }
    }
    remote.buried(child.id());
    let status = child.wait().context("cannot wait for cargo")?;
    if !status.success() {
        let last = Vec::from(last).join("\n");
        bail!("the programs do not compile:\n{last}");
    }
    Ok(bin)
}
