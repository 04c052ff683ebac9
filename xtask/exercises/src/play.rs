//! Running a compiled exercise, with an end.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, Result};
use kit::report::{Event, Step};
use kit::{Failure, REPORT};

use crate::ended::{self, Bounds, Ended};

use crate::known::{Fails, Signature};

/// The check ends by itself a second before this. What does not is killed: the student's code has
/// stopped the check as well, or has started a program of its own. Nobody waits longer for a verdict.
const LIMIT: Duration = Duration::from_secs(5);

/// So many octets of what the student's code prints are kept.
const OUTPUT_KEPT: u64 = 64 * 1024;

/// So many octets of a report are read.
const LONGEST: u64 = 32 << 20;

/// What a run showed.
#[derive(Debug)]
pub struct Run {
    /// The checks in their order.
    pub checks: Vec<CheckRun>,
    /// How many checks there are, if the run came far enough to say so.
    pub planned: Option<usize>,
    /// The check's own code has reached its end.
    pub complete: bool,
    /// It has said so with the word for passed.
    word_of_success: bool,
    /// How the program ended; `None` when it was killed at the limit.
    pub status: Option<ExitStatus>,
    /// What the student's code printed on standard output and standard error, the beginning.
    pub output: String,
    /// How long it ran.
    pub took: Duration,
}

/// One check of a run.
#[derive(Debug)]
pub struct CheckRun {
    /// What it proves.
    pub name: String,
    /// The story.
    pub steps: Vec<Step>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a check ended.
#[derive(Debug)]
pub enum Outcome {
    /// Passed.
    Passed,
    /// A step did not come true.
    Failed(Box<Failure>),
    /// Not run, because an earlier one ran into its deadline.
    Skipped,
    /// The program ended in the middle of it.
    Unfinished,
}

impl Run {
    /// Everything was checked and nothing failed.
    pub fn passed(&self) -> bool {
        self.complete
            && self.word_of_success
            && self.planned == Some(self.checks.len())
            && self.status.is_some_and(|status| status.success())
            && self
                .checks
                .iter()
                .all(|check| matches!(check.outcome, Outcome::Passed))
    }

    /// What fails, and how: the same in every run of the same program.
    pub fn signature(&self) -> Signature {
        self.checks
            .iter()
            .filter_map(|check| {
                let (kind, detail) = match &check.outcome {
                    Outcome::Passed | Outcome::Skipped => return None,
                    Outcome::Failed(failure) => (failure.kind.word(), failure.detail.clone()),
                    Outcome::Unfinished => ("unfinished", String::new()),
                };
                Some(Fails {
                    check: check.name.clone(),
                    kind: kind.into(),
                    detail,
                })
            })
            .collect()
    }
}

/// Runs the compiled check `program` in the folder `scratch`.
///
/// # Errors
/// When it cannot be started.
pub fn run(program: &Path, scratch: &Path) -> Result<Run> {
    let report = scratch.join("report");
    let mut command = Command::new(program);
    command
        .current_dir(scratch)
        .env(REPORT, &report)
        .env_remove("RUST_BACKTRACE");
    let bounds = Bounds {
        time: LIMIT,
        kept: OUTPUT_KEPT,
        printed: None,
        stop: None,
        watcher: false,
    };
    let (run, ended) = run_command(&mut command, &report, bounds)?;
    kit::tidy_up(ended.process, run.planned.unwrap_or(0));
    Ok(run)
}

/// Runs a command that runs a compiled check, which writes its report into the file `report`.
///
/// # Errors
/// When it cannot be started.
pub fn run_command(command: &mut Command, report: &Path, bounds: Bounds) -> Result<(Run, Ended)> {
    // The check takes two words out of the file before the student's code runs, and gives one back at
    // its end, that for passed or that for failed: code that writes into the file has not passed.
    let words = [word(), word()];
    fs::write(report, words.join("\n")).context("cannot write the report's file")?;
    let ended = ended::run(command, bounds).context("the check")?;
    let text = read_plain(report);
    let mut run = Run {
        checks: Vec::new(),
        planned: None,
        complete: false,
        word_of_success: false,
        status: ended.status,
        output: format!("{}{}", ended.output, ended.errors),
        took: ended.took,
    };
    for event in String::from_utf8_lossy(&text)
        .lines()
        .filter_map(Event::parse)
    {
        run.add(event, &words);
    }
    Ok((run, ended))
}

/// A file that a student's code may have put something else in the place of: a pipe that nobody writes
/// into, a link to a file without end. Such a thing is not opened, and reads as nothing.
pub(crate) fn read_plain(path: &Path) -> Vec<u8> {
    let mut text = Vec::new();
    if fs::symlink_metadata(path).is_ok_and(|data| data.is_file())
        && let Ok(file) = fs::File::open(path)
    {
        let _ = file.take(LONGEST).read_to_end(&mut text);
    }
    text
}

impl Run {
    fn add(&mut self, event: Event, words: &[String; 2]) {
        let last = self.checks.last_mut();
        match (event, last) {
            (Event::Checks(count), _) => self.planned = Some(count),
            (Event::Begin(name), _) => self.checks.push(CheckRun {
                name,
                steps: Vec::new(),
                outcome: Outcome::Unfinished,
            }),
            (Event::Step(step), Some(check)) => {
                match check.steps.iter_mut().find(|old| old.index == step.index) {
                    Some(old) => *old = step,
                    None => check.steps.push(step),
                }
            }
            (Event::Fail(failure), Some(check)) => check.outcome = Outcome::Failed(failure),
            (Event::Pass, Some(check)) => check.outcome = Outcome::Passed,
            (Event::Skip, Some(check)) => check.outcome = Outcome::Skipped,
            (Event::Done(said), _) => {
                self.complete = words.contains(&said);
                self.word_of_success = said == words[0];
            }
            (_, None) => {}
        }
    }
}

/// A word that nobody guesses.
fn word() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}", RandomState::new().hash_one(0))
}
