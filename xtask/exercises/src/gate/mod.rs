//! The gate: what must be true of every exercise.
//!
//! As handed out it compiles and fails; the solution passes; each known mistake compiles and fails;
//! each known mistake is recognised as itself. And its folder is whole: see `folder` and `course`.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::catalog::{self, Exercise, Place};
use crate::compile::Libraries;
use crate::known::FILE;
use crate::put;
use crate::student::scratch;

mod course;
mod folder;
mod headings;
mod judge;
mod lints;
mod play;
mod pool;

use folder::Draft;
use play::{Player, Task};

pub(crate) use course::entry;
pub(crate) use folder::{UNNAMED, is_slug};

/// Something that is wrong with an exercise, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// What is wrong.
    pub what: String,
    /// What mends it.
    pub mend: String,
}

impl Fault {
    fn new(file: impl Into<PathBuf>, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            what: what.into(),
            mend: mend.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        write!(f, "{file}: {}\n  mend: {}", self.what.trim_end(), self.mend)
    }
}

/// How the gate is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Only these exercises; all of them when it is empty.
    pub names: &'a [String],
    /// How often the solution must pass.
    pub times: u32,
    /// Write `known.json` anew instead of finding fault with it.
    pub write: bool,
}

/// What the gate has found.
#[derive(Debug, Default)]
pub struct Report {
    /// The exercises by name, and how many known mistakes each has.
    pub exercises: Vec<(String, usize)>,
    /// Different misconceptions, in all exercises together.
    pub misconceptions: usize,
    /// Known mistakes that are recognised as themselves, in every run.
    pub recognised: usize,
    /// Programs that were run.
    pub runs: usize,
    /// The solution's run that took longest.
    pub slowest: Duration,
    /// Each of these was not there, so something was not examined.
    pub skipped: Vec<String>,
    /// What is wrong, by file.
    pub faults: Vec<Fault>,
}

impl Report {
    /// The known mistakes of all exercises.
    pub fn mistakes(&self) -> usize {
        self.exercises.iter().map(|(_, mistakes)| mistakes).sum()
    }

    /// The report as text: faults, exercises, and the summary.
    fn text(&self, took: Duration) -> String {
        let mut text = String::new();
        for fault in &self.faults {
            let _ = writeln!(text, "{fault}\n");
        }
        for (name, mistakes) in &self.exercises {
            let own = |fault: &&Fault| fault.file.iter().any(|part| part == name.as_str());
            let said = match self.faults.iter().filter(own).count() {
                0 => "ok".to_owned(),
                count => counted(count, "fault"),
            };
            let mistakes = counted(*mistakes, "known mistake");
            let _ = writeln!(text, "{name:32} {mistakes:17} {said}");
        }
        for line in &self.skipped {
            let _ = writeln!(text, "not examined: {line}");
        }
        let _ = writeln!(
            text,
            "\n{}, {}, {}, recognised {} of {}",
            counted(self.exercises.len(), "exercise"),
            counted(self.misconceptions, "misconception"),
            counted(self.mistakes(), "known mistake"),
            self.recognised,
            self.mistakes(),
        );
        let took = took.as_secs_f64();
        let each = |count: usize| took / f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
        if self.runs > 0 {
            let _ = writeln!(
                text,
                "{took:.1} s: {:.2} s an exercise, {:.2} s a run ({}); the slowest run of a \
                 solution took {:.2} s",
                each(self.exercises.len()),
                each(self.runs),
                counted(self.runs, "run"),
                self.slowest.as_secs_f64(),
            );
        }
        let _ = match self.faults.len() {
            0 => writeln!(text, "no fault"),
            count => writeln!(text, "{}: see above", counted(count, "fault")),
        };
        text
    }
}

/// `1 fault`, `2 faults`.
fn counted(count: usize, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}")
}

/// Examines the exercises of the course in `root`.
///
/// # Errors
/// When a name is unknown, when there are no solutions to examine, or when something of the machine
/// fails: no rustc, a full disk.
pub fn examine(root: &Path, asked: Asked) -> Result<Report> {
    let places = catalog::places(root)?;
    if let Some(name) = (asked.names.iter()).find(|name| places.iter().all(|p| p.name != **name)) {
        bail!("there is no exercise `{name}`: `cargo xtask exercise list` shows all");
    }
    let solved = |place: &Place| place.folder.join("solution.rs").exists();
    if !places.is_empty() && !places.iter().any(solved) && root.join(crate::handout::NOTE).exists()
    {
        bail!(
            "this is a handout: it has no solutions and no known mistakes, and the gate examines \
             those. It runs in the course's own repository"
        );
    }
    let all: Vec<Draft> = places
        .into_iter()
        .map(|place| folder::read(root, place))
        .collect::<Result<_>>()?;
    let is_chosen = |name: &String| asked.names.is_empty() || asked.names.contains(name);
    let mut report = Report {
        faults: course::faults(root, &all, asked.names)?,
        ..Report::default()
    };
    let mut chosen: Vec<Draft> = all
        .into_iter()
        .filter(|draft| is_chosen(&draft.place.name))
        .collect();
    for draft in &mut chosen {
        report.faults.append(&mut draft.faults);
    }

    let ready: Vec<(&Draft, &Exercise)> = chosen
        .iter()
        .filter_map(|draft| Some((draft, draft.exercise.as_ref()?)))
        .collect();
    // Two gates at once do not compile into each other's folders; what a gate leaves that was ended in
    // the middle is the next one's to clear.
    let scratch = scratch::take(root, "gate")?;
    let _ = fs::remove_dir_all(&scratch.folder);
    let player = Player {
        libraries: &Libraries::build(root, ready.iter().map(|(_, exercise)| *exercise))?,
        lints: &lints::Lints::find(root, &mut report.skipped)?,
        cores: &pool::Slots::one_a_core(),
        scratch: &scratch.folder,
        times: asked.times.max(1),
    };
    let tasks = Task::all(&ready);
    let shown = pool::each(&tasks, |task| player.play(task));
    let _ = fs::remove_dir_all(&scratch.folder);
    let mut done = tasks.iter().zip(shown).collect::<Vec<_>>();
    for (number, (draft, exercise)) in ready.iter().enumerate() {
        let own;
        (own, done) = done
            .into_iter()
            .partition(|(task, _)| task.number == number);
        let own = own
            .into_iter()
            .map(|(task, shown)| Ok((task.what, shown?)))
            .collect::<Result<Vec<_>>>()?;
        let judged = judge::judge(root, draft, exercise, own, asked.write);
        if let Some(known) = judged.known.filter(|_| asked.write) {
            let path = exercise.folder.join(FILE);
            fs::write(&path, known.text())
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        report.faults.extend(judged.faults);
        report.recognised += judged.recognised;
        report.runs += judged.runs;
        report.slowest = report.slowest.max(judged.slowest);
    }
    let names: BTreeSet<&str> = chosen
        .iter()
        .flat_map(|draft| &draft.wrongs)
        .map(|wrong| wrong.name.as_str())
        .collect();
    report.misconceptions = names.len();
    report.exercises = chosen
        .iter()
        .map(|draft| (draft.place.name.clone(), draft.wrongs.len()))
        .collect();
    report
        .faults
        .sort_by(|one, other| one.file.cmp(&other.file));
    Ok(report)
}

/// `cargo xtask exercise gate`: examines and prints what was found.
///
/// # Errors
/// Those of [`examine`].
pub fn run(root: &Path, asked: Asked) -> Result<ExitCode> {
    let begun = Instant::now();
    let report = examine(root, asked)?;
    put(&report.text(begun.elapsed()));
    Ok(if report.faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
