//! `cargo xtask fuzz`: the fuzz targets of `tests/fuzz`, one after another, each for a bounded time.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, root};

use figures::{Ran, note, read};

mod figures;

/// What `cargo xtask fuzz --help` says.
pub const HELP: &str = "\
Throw random input at the parsers of the course, and look for what they must never do

Usage: cargo xtask fuzz [TARGET]... [--minutes N] [--minimise]

  TARGET       A file of tests/fuzz/targets without its ending; all of them if none is named
  --minutes N  Minutes for each target [default: 1]
  --minimise   Do not look for more: keep the fewest inputs that reach all that was reached so far

What was executed is noted in book/measured/fuzz.json. An input that breaks a target is written to
tests/fuzz/artifacts; the last lines of the output say how to run it again.
";

/// One input may take so long, in seconds. Parsers take microseconds.
const LONGEST: u32 = 10;

/// A target may use so much memory, in MiB, the sanitizer's share included.
const MEMORY: u32 = 1536;

/// The longest input, in octets.
const LARGEST: u32 = 4096;

/// The same for `http_head`: the server refuses a head of more than 16 KiB.
const LARGEST_HEAD: u32 = 20 * 1024;

/// The committed inputs of one target may take so much, in octets.
const CORPUS: u64 = 200 * 1024;

struct Options {
    targets: Vec<String>,
    minutes: f64,
    minimise: bool,
}

/// Runs the chore.
///
/// # Errors
/// When cargo-fuzz is not installed, does not build a target, or finds an input that breaks one.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let folder = root().join("tests/fuzz");
    let all = targets(&folder)?;
    let options = match options(arguments, &all) {
        Ok(options) => options,
        Err(wrong) => return Ok(crate::usage(&wrong.to_string())),
    };
    look_for_cargo_fuzz()?;
    let mut broken = Vec::new();
    for target in &options.targets {
        if options.minimise {
            minimise(&folder, target)?;
            continue;
        }
        let ran = fuzz(&folder, target, options.minutes)?;
        let verdict = if ran.crashed { "BROKEN" } else { "holds" };
        // Whoever reads it (`| head`) may have had enough: the figures are noted all the same.
        let _ = writeln!(
            io::stdout(),
            "{target:18} {:>12} executions in {:>5} s, {:>6} places reached: {verdict}",
            ran.executions,
            ran.seconds,
            ran.reached
        );
        note(&root().join("book/measured/fuzz.json"), target, &ran)?;
        if ran.crashed {
            broken.push(target.as_str());
        }
    }
    if !broken.is_empty() {
        bail!("broken: {}; see tests/fuzz/artifacts", broken.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

/// The names of all targets, in order.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let targets = folder.join("targets");
    let entries = fs::read_dir(&targets).with_context(|| {
        format!(
            "cannot read {}: a handout has no fuzz targets",
            targets.display()
        )
    })?;
    for entry in entries {
        let path = entry?.path();
        names.extend(
            path.file_stem()
                .map(|name| name.to_string_lossy().into_owned()),
        );
    }
    names.sort();
    Ok(names)
}

fn options(arguments: &[String], all: &[String]) -> Result<Options> {
    let mut options = Options {
        targets: Vec::new(),
        minutes: 1.0,
        minimise: false,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--minimise" => options.minimise = true,
            "--minutes" => {
                options.minutes = arguments
                    .next()
                    .and_then(|number| number.parse().ok())
                    .filter(|minutes| (0.01..=10_000.0).contains(minutes))
                    .context("`--minutes` takes a number, such as 15")?;
            }
            name if all.iter().any(|target| target == name) => {
                options.targets.push(name.to_owned());
            }
            name => bail!(
                "there is no fuzz target `{name}`; there are: {}",
                all.join(", ")
            ),
        }
    }
    if options.targets.is_empty() {
        options.targets = all.to_vec();
    }
    Ok(options)
}

fn look_for_cargo_fuzz() -> Result<()> {
    let version = cargo(&["fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("cannot start cargo")?;
    if !version.success() {
        bail!(
            "cargo-fuzz is missing: `cargo install cargo-fuzz --locked` gets it. It needs a C++ compiler \
             too (Debian: `apt install g++`; macOS: `xcode-select --install`)"
        );
    }
    Ok(())
}

/// `cargo fuzz` with the flags that all its commands need here.
fn cargo_fuzz(folder: &Path, target: &str, corpora: &[&Path]) -> Command {
    let mut command = cargo(&["fuzz", "run"]);
    // cargo-fuzz passes flags to rustc that only a nightly takes; this variable lets a stable one take
    // them. Nothing that is shipped is built so.
    command.env("RUSTC_BOOTSTRAP", "1");
    command.arg("--fuzz-dir").arg(folder).arg(target);
    command.args(corpora).arg("--");
    command
}

fn largest(target: &str) -> u32 {
    if target == "http_head" {
        LARGEST_HEAD
    } else {
        LARGEST
    }
}

fn fuzz(folder: &Path, target: &str, minutes: f64) -> Result<Ran> {
    let (own, committed) = corpora(folder, target)?;
    let dictionary = folder.join(format!("dictionaries/{target}.txt"));
    let mut command = cargo_fuzz(folder, target, &[&own, &committed]);
    command
        .arg(format!("-max_total_time={}", (minutes * 60.0).ceil()))
        .arg(format!("-timeout={LONGEST}"))
        .arg(format!("-rss_limit_mb={MEMORY}"))
        .arg(format!("-max_len={}", largest(target)))
        .arg("-print_final_stats=1");
    if dictionary.exists() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    let output = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .context("cannot start cargo")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let ran = read(&said, !output.status.success());
    if ran.crashed {
        let lines: Vec<&str> = said.lines().collect();
        let last = lines[lines.len().saturating_sub(60)..].join("\n");
        let _ = writeln!(io::stderr(), "{last}");
        if ran.executions == 0 && !said.contains("SUMMARY:") {
            bail!("the target {target} was not built, or did not start");
        }
    }
    Ok(ran)
}

/// The inputs found on this machine, and those that are committed.
fn corpora(folder: &Path, target: &str) -> Result<(PathBuf, PathBuf)> {
    let own = folder.join("target/corpus").join(target);
    let committed = folder.join("corpus").join(target);
    for folder in [&own, &committed] {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    Ok((own, committed))
}

/// Puts into the committed folder the fewest and smallest inputs that reach what all reach together.
fn minimise(folder: &Path, target: &str) -> Result<()> {
    let (own, committed) = corpora(folder, target)?;
    let new = folder.join("target/minimised").join(target);
    let _ = fs::remove_dir_all(&new);
    fs::create_dir_all(&new)?;
    let mut command = cargo_fuzz(folder, target, &[&new, &committed, &own]);
    command
        // A set cover over edges alone: a few dozen inputs, where `-merge=1` keeps many hundreds.
        .arg("-set_cover_merge=1")
        .arg("-use_counters=0")
        .arg(format!("-timeout={LONGEST}"))
        .arg(format!("-max_len={}", largest(target)))
        .stderr(Stdio::piped());
    let output = command.output().context("cannot start cargo")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let _ = writeln!(io::stderr(), "{said}");
        bail!("the inputs of {target} could not be minimised");
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&new)? {
        let entry = entry?;
        files.push((entry.metadata()?.len(), entry.path()));
    }
    files.sort();
    let before = fs::read_dir(&committed)?.count() + fs::read_dir(&own)?.count();
    // The largest ones are left out when there is no room for all.
    let mut total = 0;
    let kept: Vec<&(u64, PathBuf)> = files
        .iter()
        .take_while(|(size, _)| {
            total += size;
            total <= CORPUS
        })
        .collect();
    fs::remove_dir_all(&committed)?;
    fs::create_dir_all(&committed)?;
    for (_, path) in &kept {
        fs::copy(
            path,
            committed.join(path.file_name().context("a file has a name")?),
        )?;
    }
    let _ = writeln!(
        io::stdout(),
        "{target:18} {before:>6} inputs, {:>5} are enough, {:>5} kept",
        files.len(),
        kept.len()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_declared_and_has_inputs() {
        let folder = root().join("tests/fuzz");
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let all = targets(&folder).unwrap();
        assert!(all.len() > 10);
        assert_eq!(manifest.matches("[[bin]]").count(), all.len());
        for target in all {
            assert!(
                manifest.contains(&format!("path = \"targets/{target}.rs\"")),
                "{target}"
            );
            let corpus = folder.join("corpus").join(&target);
            let files: Vec<_> = fs::read_dir(&corpus).unwrap().map(Result::unwrap).collect();
            let size: u64 = files
                .iter()
                .map(|file| file.metadata().unwrap().len())
                .sum();
            assert!(
                !files.is_empty() && size <= CORPUS,
                "{target}: {size} octets"
            );
        }
    }

    #[test]
    fn a_wrong_command_line_is_refused() {
        let all = ["a".to_owned(), "b".to_owned()];
        let read = |line: &str| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            options(&words, &all)
                .map(|options| (options.targets, options.minutes, options.minimise))
        };
        assert_eq!(read("").unwrap(), (all.to_vec(), 1.0, false));
        assert_eq!(
            read("b --minutes 0.5").unwrap(),
            (vec!["b".into()], 0.5, false)
        );
        assert_eq!(read("--minimise a").unwrap(), (vec!["a".into()], 1.0, true));
        for line in [
            "c",
            "--minutes",
            "--minutes x",
            "--minutes -1",
            "--minutes inf",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
