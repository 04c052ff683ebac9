//! `cargo xtask test` and `cargo xtask ci`.

use std::io::{self, BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, code};

/// Tests counted over all test programs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    /// Adds what a test program's last line says:
    /// `test result: ok. 23 passed; 0 failed; 0 ignored; …`.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line
            .strip_prefix("test result: ")
            .and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for count in counts.split("; ") {
            match count
                .split_once(' ')
                .map(|(number, what)| (number.parse::<u64>(), what))
            {
                Some((Ok(number), "passed")) => self.passed += number,
                Some((Ok(number), "failed")) => self.failed += number,
                Some((Ok(number), "ignored")) => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// Runs `cargo test` for the whole workspace, or as the arguments say, and adds up what the many
/// test programs report.
pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let mut command = cargo(&["test", "--no-fail-fast"]);
    if !names_package(arguments) {
        command.arg("--workspace");
    }
    let mut child = command
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start cargo")?;
    let mut count = Count::default();
    let output = child.stdout.take().context("cargo has an output")?;
    // A test may print anything, and whoever reads it (`| head`) may have had enough.
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let _ = io::stdout().write_all(&[line.as_slice(), b"\n"].concat());
        count.add(&String::from_utf8_lossy(&line));
    }
    let status = child.wait()?;
    if status.success() && count.passed == 0 {
        bail!("no test was run");
    }
    let ignored = if count.ignored > 0 {
        format!(", {} skipped", count.ignored)
    } else {
        String::new()
    };
    let _ = writeln!(
        io::stdout(),
        "\n{} passed, {} failed{ignored}",
        count.passed,
        count.failed
    );
    Ok(code(status))
}

/// Do the arguments for `cargo test` choose packages? (`-p x`, `-px`, `--package x`, `--package=x`.)
fn names_package(arguments: &[String]) -> bool {
    let mut own = arguments.iter().take_while(|argument| *argument != "--");
    own.any(|argument| argument.starts_with("-p") || argument.starts_with("--package"))
}

/// Systems that can be checked from another one: nothing is linked. A library of mdBook has a few lines of
/// assembly, which only Apple's tools turn into a program for macOS: there, the book's builder is left out.
const OTHER_SYSTEMS: [(&str, &str, &[&str]); 2] = [
    ("Windows", "x86_64-pc-windows-gnu", &[]),
    ("macOS", "aarch64-apple-darwin", &["--exclude", "book"]),
];

/// Has this Rust the standard library of another system?
fn has_library_for(target: &str) -> Result<bool> {
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .context("cannot start rustc")?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(output.status.success() && Path::new(&folder).is_dir())
}

/// Runs every check, and the tests last, so that their summary ends the output.
pub fn ci() -> Result<ExitCode> {
    step("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    // A workspace of its own, which nothing below looks at.
    let fuzz = ["fmt", "--manifest-path", "tests/fuzz/Cargo.toml", "--check"];
    step("format of the fuzz targets", &mut cargo(&fuzz))?;
    let lints = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    step("lints", &mut cargo(&lints))?;
    let is_handout = crate::cargo::root().join("HANDOUT.md").exists();
    if is_handout {
        say(
            "== lints of the fuzz targets: not examined, because a handout need not have their libraries",
        );
    } else {
        step("lints of the fuzz targets", &mut lints_of_fuzz_targets()?)?;
    }
    for (system, target, left_out) in OTHER_SYSTEMS {
        if has_library_for(target)? {
            let lints = [&lints[..3], &["--target", target], left_out, &lints[3..]].concat();
            step(&format!("lints for {system}"), &mut cargo(&lints))?;
        } else {
            say(&format!(
                "== lints for {system}: not examined, because Rust's library for it is not here: \
                 `rustup target add {target}` gets it"
            ));
        }
    }
    // Exercises are test targets that `cargo test` leaves out, and `--all-targets` with it.
    let exercises = [
        "clippy",
        "--workspace",
        "--test",
        "*",
        "--",
        "--deny",
        "warnings",
    ];
    step("lints of the exercises", &mut cargo(&exercises))?;
    let mut docs = cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    step("docs", docs.env("RUSTDOCFLAGS", "--deny warnings"))?;
    step("licences", &mut cargo(&["run", "--package", "licences"]))?;
    step(
        "book",
        &mut cargo(&["run", "--package", "book", "--", "build"]),
    )?;
    step(
        "links and chapters",
        &mut cargo(&["run", "--package", "book", "--", "test"]),
    )?;
    if is_handout {
        say("== exercises: not examined, because a handout has no solutions");
    } else {
        let gate = [
            "run",
            "--package",
            "exercises",
            "--",
            "gate",
            "--times",
            "50",
        ];
        step("exercises", &mut cargo(&gate))?;
    }
    say("== tests");
    run(&[])
}

/// Nothing else compiles the fuzz targets but fuzzing itself, and that is seldom done. The library behind
/// them is C++; it is only linked, so a name in its place is enough here, and no C++ compiler is needed.
fn lints_of_fuzz_targets() -> Result<Command> {
    let mut clippy = cargo(&["clippy", "--manifest-path", "tests/fuzz/Cargo.toml"]);
    // Most of what they need has been compiled for the workspace already.
    let own = std::env::current_exe().context("cannot find this program")?;
    let built = own
        .ancestors()
        .nth(2)
        .context("cargo has built this program")?;
    clippy.arg("--target-dir").arg(built);
    clippy.args(["--locked", "--", "--deny", "warnings"]);
    clippy.env("CUSTOM_LIBFUZZER_PATH", built.join("libfuzzer.a"));
    Ok(clippy)
}

/// Whoever reads it (`| head`) may have had enough: the checks go on.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

fn step(name: &str, command: &mut Command) -> Result<()> {
    say(&format!("== {name}"));
    let status = command
        .status()
        .with_context(|| format!("cannot start cargo for {name}"))?;
    if !status.success() {
        bail!("{name}: not green; see above");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Count, names_package};

    #[test]
    fn a_chosen_package_is_seen_however_it_is_written() {
        let says = |line: &str| {
            let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
            names_package(&arguments)
        };
        for line in ["-p a", "-pa", "-p=a", "--package a", "x --package=a"] {
            assert!(says(line), "{line}");
        }
        for line in ["", "turn-taking", "--release", "-- -p"] {
            assert!(!says(line), "{line}");
        }
    }

    #[test]
    fn results_are_added_up() {
        let mut count = Count::default();
        for line in [
            "running 3 tests",
            "test result: ok. 23 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.05s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.05s",
        ] {
            count.add(line);
        }
        assert_eq!(
            count,
            Count {
                passed: 25,
                failed: 1,
                ignored: 1
            }
        );
    }
}
