//! Rust, and the crates of the course.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Finding;

/// The oldest Rust that the workspace allows, from `rust-version` of its `Cargo.toml`.
const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

const RUSTUP: &str = "Install Rust from https://rustup.rs, and open a new terminal.";

pub fn examine(root: &Path) -> Vec<Finding> {
    let rust = rust();
    let linker = match &rust.missing {
        None => linker(),
        Some(_) => Finding::wanted("linker", "not tried: rustc calls it", "See above."),
    };
    vec![rust, cargo(), linker, crates(root)]
}

/// The tool as Cargo calls it.
fn tool(variable: &str, name: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| name.into())
}

/// What a command prints, or why it does not.
fn said(command: &mut Command) -> Result<String, String> {
    match command.stdin(Stdio::null()).output() {
        Err(error) => Err(format!("it does not start: {error}")),
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        }
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            let line = text.lines().find(|line| !line.trim().is_empty());
            Err(line
                .unwrap_or("it fails and says nothing")
                .trim()
                .to_owned())
        }
    }
}

fn rust() -> Finding {
    match said(Command::new(tool("RUSTC", "rustc")).arg("--version")) {
        Err(error) => Finding::needed("rustc", error, RUSTUP),
        Ok(version) if is_old(&version) => Finding::needed(
            "rustc",
            format!("{version}, and the course needs {OLDEST} or later"),
            "Run `rustup update stable`.",
        ),
        Ok(version) => Finding::ok("rustc", version),
    }
}

/// Is this, from `rustc --version`, older than the workspace allows?
fn is_old(version: &str) -> bool {
    let number = version.split(' ').nth(1).unwrap_or_default();
    parts(number) < parts(OLDEST)
}

/// 1.89.0-nightly is [1, 89, 0].
fn parts(version: &str) -> Vec<u32> {
    let digits = version.split('-').next().unwrap_or_default();
    digits
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

fn cargo() -> Finding {
    match said(Command::new(tool("CARGO", "cargo")).arg("--version")) {
        Ok(version) => Finding::ok("cargo", version),
        Err(error) => Finding::needed("cargo", error, RUSTUP),
    }
}

/// A program is compiled and linked: rustc alone does not link.
fn linker() -> Finding {
    let folder = match super::place::own_folder() {
        Ok(folder) => folder,
        // The temporary folder has a line of its own.
        Err(error) => {
            return Finding::wanted("linker", format!("not tried: {error}"), "See above.");
        }
    };
    let source = folder.join("empty.rs");
    let mut rustc = Command::new(tool("RUSTC", "rustc"));
    rustc.arg(&source).arg("-o").arg(folder.join("empty"));
    let linked = match fs::write(&source, "fn main() {}\n") {
        Ok(()) => said(&mut rustc),
        Err(error) => Err(error.to_string()),
    };
    let _ = fs::remove_dir_all(&folder);
    match linked {
        Ok(_) => Finding::ok("linker", "an empty program is linked"),
        Err(error) => Finding::needed("linker", error, LINKER),
    }
}

#[cfg(target_os = "linux")]
const LINKER: &str = "Install a linker: `sudo apt install gcc libc6-dev`, `sudo dnf install gcc`.";
#[cfg(target_os = "macos")]
const LINKER: &str = "Install the command line tools: `xcode-select --install`.";
#[cfg(windows)]
const LINKER: &str =
    "Install the Build Tools for Visual Studio, with \"Desktop development with C++\".";
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
const LINKER: &str = "Install a C compiler: rustc links with it.";

/// Can everything be built without the internet?
fn crates(root: &Path) -> Finding {
    let host = said(Command::new(tool("RUSTC", "rustc")).args(["--print", "host-tuple"]));
    let mut cargo = Command::new(tool("CARGO", "cargo"));
    cargo
        .current_dir(root)
        .args(["metadata", "--format-version=1", "--offline", "--locked"]);
    if let Ok(host) = host {
        cargo.args(["--filter-platform", &host]);
    }
    match said(&mut cargo) {
        Ok(_) => Finding::ok(
            "crates",
            "all are here: everything builds without the internet",
        ),
        Err(error) => Finding::wanted(
            "crates",
            error,
            "Run `cargo fetch --locked` while you have the internet.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(!is_old(&format!("rustc {OLDEST}.0 (abc 2025-01-01)")));
        assert!(is_old("rustc 1.9.0 (abc 2016-05-26)"));
        assert!(!is_old("rustc 1.1000.0-nightly (abc 2099-01-01)"));
        assert!(is_old("gcc"));
    }

    #[test]
    fn this_machine_has_what_compiled_this_test() {
        for finding in [rust(), cargo(), linker()] {
            assert_eq!(finding.missing, None, "{finding:?}");
        }
    }

    #[test]
    fn a_tool_that_is_not_there_is_said() {
        let error = said(&mut Command::new("/nowhere/rustc")).unwrap_err();
        assert!(error.contains("does not start"), "{error}");
    }
}
