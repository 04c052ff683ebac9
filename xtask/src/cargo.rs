//! Starting cargo, and what it has built.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, Result};

/// The root folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
        .to_owned()
}

/// The cargo that started us, in the root folder.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// Builds a package of the workspace and runs it in the caller's folder. Cargo is heard only when it
/// has something to compile, or to wait for.
pub fn run_package(package: &str, arguments: &[String]) -> Result<ExitCode> {
    run_package_in("dev", package, arguments)
}

/// As [`run_package`], in the profile `dev` or `release`.
pub fn run_package_in(profile: &str, package: &str, arguments: &[String]) -> Result<ExitCode> {
    let mut build = cargo(&["build", "--profile", profile, "--package", package]);
    if io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        build.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = build
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    if let Some(progress) = child.stderr.take() {
        pass_on(progress, io::stderr())?;
    }
    let status = child.wait().context("cannot wait for cargo")?;
    if !status.success() {
        return Ok(code(status));
    }
    // Cargo puts all programs of one build into one folder, this one's if it was built in that profile,
    // and else one beside it.
    let own = std::env::current_exe().context("cannot find the folder of the built programs")?;
    let mut folder = own.with_file_name("");
    if profile != "dev" {
        folder.set_file_name(profile);
    }
    let program = folder.join(format!("{package}{}", std::env::consts::EXE_SUFFIX));
    let mut command = Command::new(&program);
    command.args(arguments);
    become_program(command).with_context(|| format!("cannot start {}", program.display()))
}

/// The program takes this one's place: Ctrl-C and Ctrl-Z in the terminal then have one addressee.
#[cfg(unix)]
fn become_program(mut command: Command) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(command.exec())
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> io::Result<ExitCode> {
    command.status().map(code)
}

/// Passes on what cargo says while it builds, without the line that says that it is done.
fn pass_on(from: impl io::Read, mut to: impl Write) -> io::Result<()> {
    for line in BufReader::new(from).split(b'\n') {
        let line = line?;
        if !says_finished(&String::from_utf8_lossy(&line)) {
            // Nobody may be listening any more: the build goes on.
            let _ = to.write_all(&[line.as_slice(), b"\n"].concat());
        }
    }
    Ok(())
}

/// Is this cargo's line `    Finished …`, in colour or without?
fn says_finished(line: &str) -> bool {
    let mut rest = line.trim_start();
    while let Some(colour) = rest.strip_prefix("\u{1b}[") {
        let Some((_, after)) = colour.split_once('m') else {
            return false;
        };
        rest = after.trim_start();
    }
    rest.starts_with("Finished")
}

/// The exit code to pass on. A program that a signal ended has none.
pub fn code(status: ExitStatus) -> ExitCode {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_that_says_finished_is_kept_back() {
        let said = "\u{1b}[1m\u{1b}[92m   Compiling\u{1b}[0m kit\n\
                    \u{1b}[1m\u{1b}[92m    Finished\u{1b}[0m `dev` profile\n\
                    warning: Finished\n    Finished `dev` profile\n";
        let mut passed = Vec::new();
        pass_on(said.as_bytes(), &mut passed).unwrap();
        assert_eq!(
            String::from_utf8(passed).unwrap(),
            "\u{1b}[1m\u{1b}[92m   Compiling\u{1b}[0m kit\nwarning: Finished\n"
        );
    }
}
