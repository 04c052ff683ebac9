//! `pace`: how long a student waits from a save to the verdict, beside what a student knows: `cargo test`
//! of an empty crate.
//!
//! A measurement, and no test: it depends on the machine, and on what else it does. So both are measured
//! in turn, in one run.

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::catalog::Exercise;
use crate::known::Mistake;
use crate::put;
use crate::student::{Course, watch};

/// One without sockets, and one with.
const USUAL: [&str; 2] = ["octet-to-bits", "shout-each-line"];

/// A save and its verdict. The first of each kind warms up, and does not count.
struct Measured {
    what: String,
    took: Vec<Duration>,
}

/// Measures saves in a temporary copy of some exercises, and prints the figures.
///
/// # Errors
/// When there is no solution to save, or something of the machine fails.
pub fn run(course: &Course, names: &[String], saves: usize) -> Result<()> {
    let usual: Vec<String> = USUAL.map(str::to_owned).to_vec();
    let names = if names.is_empty() { &usual } else { names };
    let copy = Copy::of(course, names)?;
    let empty = Empty::new(copy.root())?;
    let mut cargo = Measured {
        what: "`cargo test` of an empty crate".into(),
        took: Vec::new(),
    };
    let mut all = Vec::new();
    for name in names {
        let exercise = course.find(name)?;
        all.extend(saved(&copy, exercise, saves, || {
            cargo.took.push(empty.test()?);
            Ok(())
        })?);
    }
    put(&text(&cargo, &all, saves));
    Ok(())
}

/// Saves right and wrong answers to an exercise in turn while it is watched. `beside` is measured in
/// between.
fn saved(
    copy: &Copy,
    exercise: &Exercise,
    saves: usize,
    mut beside: impl FnMut() -> Result<()>,
) -> Result<[Measured; 2]> {
    let answer = |file: &str| {
        let path = exercise.folder.join(file);
        fs::read_to_string(&path).with_context(|| {
            let path = path.display();
            format!("cannot read {path}: only the course's own repository has answers to save")
        })
    };
    let mistake = quick(&exercise.known.mistakes)
        .with_context(|| format!("`{}` has no known mistake to save", exercise.name))?;
    let right = answer("solution.rs")?;
    let wrong = answer(&format!("wrong/{}.rs", mistake.name))?;
    let measured = |what: &str| Measured {
        what: format!("{}, {what}", exercise.name),
        took: Vec::new(),
    };
    let mut both = [measured("solution"), measured(&mistake.name)];
    let mut watch = Watch::begin(copy.root(), &exercise.name)?;
    watch.verdict()?;
    let file = copy.file(exercise);
    for round in 0..=saves {
        for (measured, answer) in both.iter_mut().zip([&right, &wrong]) {
            let begun = Instant::now();
            fs::write(&file, format!("{answer}// {round}\n"))?;
            watch.verdict()?;
            if round > 0 {
                measured.took.push(begun.elapsed());
            }
        }
        if round > 0 {
            beside()?;
        }
    }
    watch.end()?;
    Ok(both)
}

/// A mistake that is found at once: most of the time of the others is a deadline, the same each time.
fn quick(mistakes: &[Mistake]) -> Option<&Mistake> {
    let waits = |mistake: &&Mistake| {
        let mut fails = mistake.fails.iter();
        !fails.any(|fails| ["deadline", "spin"].contains(&fails.kind.as_str()))
    };
    mistakes.iter().find(waits).or_else(|| mistakes.first())
}

/// The figures as a table.
fn text(cargo: &Measured, all: &[Measured], saves: usize) -> String {
    let base = cargo.median();
    let widest = all.iter().map(|measured| measured.what.len()).max();
    let width = widest.unwrap_or_default().max(cargo.what.len());
    let mut text =
        format!("Seconds, median (shortest to longest), {saves} saves of each kind.\n\n");
    for measured in std::iter::once(cargo).chain(all) {
        let (least, most) = measured.spread();
        let median = measured.median();
        let _ = writeln!(
            text,
            "{:width$}  {median:.2} ({least:.2} to {most:.2})  {:.2} times the first",
            measured.what,
            median / base,
        );
    }
    text
}

impl Measured {
    fn sorted(&self) -> Vec<f64> {
        let mut all: Vec<f64> = self.took.iter().map(Duration::as_secs_f64).collect();
        all.sort_by(f64::total_cmp);
        all
    }

    fn median(&self) -> f64 {
        let all = self.sorted();
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn spread(&self) -> (f64, f64) {
        let all = self.sorted();
        let end = |value: Option<&f64>| value.copied().unwrap_or(f64::NAN);
        (end(all.first()), end(all.last()))
    }
}

/// A course with some of the exercises, and the kit of the real one.
struct Copy {
    folder: TempDir,
    root: PathBuf,
}

impl Copy {
    fn of(course: &Course, names: &[String]) -> Result<Self> {
        let target = course.root.join("target");
        fs::create_dir_all(&target)?;
        let folder = tempfile::Builder::new()
            .prefix("pace-")
            .tempdir_in(&target)
            .with_context(|| format!("cannot make a folder in {}", target.display()))?;
        let copy = Self {
            folder,
            root: course.root.clone(),
        };
        let root = copy.root();
        let kit = course.root.join("tests/kit");
        let kit = kit.display().to_string();
        let manifest = format!(
            "[package]\nname = \"copy\"\nedition = \"2024\"\n[dependencies]\nkit = {{ path = {kit:?} }}\n[workspace]\n"
        );
        fs::create_dir_all(root.join("src"))?;
        fs::create_dir_all(root.join("tests/kit"))?;
        fs::write(root.join("src/lib.rs"), "")?;
        fs::write(root.join("Cargo.toml"), manifest)?;
        for name in names {
            let exercise = course.find(name)?;
            let own = copy.folder(exercise);
            fs::create_dir_all(&own)?;
            for file in ["task.md", "exercise.rs", "check.rs", "known.json"] {
                let from = exercise.folder.join(file);
                fs::copy(&from, own.join(file))
                    .with_context(|| format!("cannot copy {}", from.display()))?;
            }
        }
        Ok(copy)
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn folder(&self, exercise: &Exercise) -> PathBuf {
        let inside = exercise.folder.strip_prefix(&self.root);
        self.root().join(inside.unwrap_or(&exercise.folder))
    }

    fn file(&self, exercise: &Exercise) -> PathBuf {
        self.folder(exercise).join("exercise.rs")
    }
}

/// An empty crate.
struct Empty {
    folder: PathBuf,
    tests: Cell<usize>,
}

impl Empty {
    fn new(root: &Path) -> Result<Self> {
        let empty = Self {
            folder: root.join("empty"),
            tests: Cell::new(0),
        };
        fs::create_dir_all(empty.folder.join("src"))?;
        let manifest = "[package]\nname = \"empty\"\nedition = \"2024\"\n[workspace]\n";
        fs::write(empty.folder.join("Cargo.toml"), manifest)?;
        // The first one builds more than the others.
        empty.test()?;
        Ok(empty)
    }

    /// Saves it with another test, and runs that.
    fn test(&self) -> Result<Duration> {
        let number = self.tests.get();
        self.tests.set(number + 1);
        let test = format!("#[test]\nfn it() {{ assert_eq!({number}, {number}); }}\n");
        let begun = Instant::now();
        fs::write(self.folder.join("src/lib.rs"), test)?;
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["test", "--quiet"])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .context("cannot start cargo")?;
        if !status.success() {
            bail!(
                "`cargo test` of an empty crate fails in {}",
                self.folder.display()
            );
        }
        Ok(begun.elapsed())
    }
}

/// A watch, as a student starts it, in a pipe.
struct Watch {
    child: Child,
    said: ChildStdout,
}

impl Watch {
    fn begin(root: &Path, name: &str) -> Result<Self> {
        let own = std::env::current_exe().context("cannot find this program")?;
        let mut child = Command::new(own)
            .arg("--root")
            .arg(root)
            .args(["watch", name])
            .env("COLUMNS", "200")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the watch")?;
        let said = child.stdout.take().context("the watch has an output")?;
        Ok(Self { child, said })
    }

    /// Waits for the next verdict: until the keys are offered.
    fn verdict(&mut self) -> Result<()> {
        let mut text = String::new();
        let mut buffer = [0; 4096];
        while !text.contains(watch::OFFERED) {
            let count = self.said.read(&mut buffer).context("cannot read")?;
            if count == 0 {
                bail!("the watch has ended:\n{text}");
            }
            text += &String::from_utf8_lossy(&buffer[..count]);
        }
        Ok(())
    }

    fn end(mut self) -> Result<()> {
        if let Some(mut keys) = self.child.stdin.take() {
            keys.write_all(b"q\n").context("cannot end the watch")?;
        }
        self.child.wait().context("cannot wait for the watch")?;
        Ok(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_medians_with_their_spread() {
        let measured = |what: &str, hundredths: &[u64]| Measured {
            what: what.into(),
            took: (hundredths.iter())
                .map(|count| Duration::from_millis(count * 10))
                .collect(),
        };
        let cargo = measured("cargo", &[50, 40, 60]);
        let said = text(&cargo, &[measured("a save", &[20, 90, 25])], 3);
        assert!(
            said.contains("cargo   0.50 (0.40 to 0.60)  1.00 times"),
            "{said}"
        );
        assert!(
            said.contains("a save  0.25 (0.20 to 0.90)  0.50 times"),
            "{said}"
        );
    }
}
