//! `cargo xtask licences`: every library that the course is built with, and what it may be used for.
//!
//! It asks `cargo metadata`, so it sees what `Cargo.lock` says for all systems, and needs no database.
//! What it cannot see without one is whether a version has a known hole: `cargo audit` asks for that.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

mod check;
mod list;
mod metadata;

/// The list, in the root folder.
const FILE: &str = "DEPENDENCIES.md";

const HELP: &str = "\
List the libraries that the course is built with, and check their licences

Usage: cargo xtask licences [--write]

  --write  Write DEPENDENCIES.md anew; without it, the file is compared
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        [] => run(false),
        ["--write"] => run(true),
        ["--help" | "-h"] => {
            say(HELP);
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(write: bool) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let root = root.context("the crate stands in xtask/licences")?;
    let libraries = metadata::libraries(root)?;
    let faults = check::faults(&libraries);
    if !faults.is_empty() {
        bail!("{}", faults.join("\n       "));
    }
    let text = list::text(&libraries);
    let path = root.join(FILE);
    if write {
        std::fs::write(&path, text).with_context(|| format!("cannot write {FILE}"))?;
    } else if std::fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n")
        != text
    {
        bail!("{FILE} is not up to date: `cargo xtask licences --write` writes it");
    }
    let lessons = libraries.iter().filter(|library| library.in_lessons);
    say(&format!(
        "{} libraries, {} of them in the lessons; every licence is one of those allowed\n",
        libraries.len(),
        lessons.count()
    ));
    Ok(())
}

/// Whoever closed the pipe (`| head`) does not want to hear more.
fn say(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
}
