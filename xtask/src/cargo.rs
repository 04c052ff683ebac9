//! Starting cargo.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

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

/// Builds and runs a package of the workspace.
pub fn run_package(package: &str, arguments: &[String]) -> Result<ExitCode> {
    let status = cargo(&["run", "--package", package, "--"])
        .args(arguments)
        .status()
        .context("cannot start cargo")?;
    Ok(code(status))
}

/// The exit code to pass on. A program that a signal ended has none.
pub fn code(status: ExitStatus) -> ExitCode {
    status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from)
}
