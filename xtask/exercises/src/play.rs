//! Running a compiled exercise, with an end.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use kit::report::{Event, Step};
use kit::{Failure, REPORT};

use crate::known::{Fails, Signature};

/// The check ends by itself before this. What does not is killed: the student's code has stopped the
/// check as well, or has started a program of its own.
const LIMIT: Duration = Duration::from_secs(8);

/// What is printed has come when the program has ended, unless something it has started prints on.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The programs that run now, for [`end_all`].
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// So many octets of what the student's code prints are kept.
const OUTPUT_KEPT: u64 = 64 * 1024;

/// What a run showed.
#[derive(Debug)]
pub struct Run {
    /// The checks in their order.
    pub checks: Vec<CheckRun>,
    /// How many checks there are, if the run came far enough to say so.
    pub planned: Option<usize>,
    /// The check's own code has reached its end.
    pub complete: bool,
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
    // The check takes the word out of the file before the student's code runs, and gives it back at
    // its end: code that only writes "done" into the file has not passed.
    let word = word();
    fs::write(&report, &word).context("cannot write the report's file")?;
    let begun = Instant::now();
    let mut command = Command::new(program);
    command
        .current_dir(scratch)
        .env(REPORT, &report)
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().context("cannot start the check")?;
    let number = child.id();
    let running = || RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running().push(number);
    let out = keep(child.stdout.take());
    let err = keep(child.stderr.take());
    let status = wait(&mut child, LIMIT);
    kill_group(number);
    running().retain(|other| *other != number);
    let _ = child.kill();
    let _ = child.wait();
    let took = begun.elapsed();
    let mut output = out.recv_timeout(LAST_WORDS).unwrap_or_default();
    output += &err.recv_timeout(LAST_WORDS).unwrap_or_default();
    let text = fs::read(&report).unwrap_or_default();
    let mut run = Run {
        checks: Vec::new(),
        planned: None,
        complete: false,
        status,
        output,
        took,
    };
    for event in String::from_utf8_lossy(&text)
        .lines()
        .filter_map(Event::parse)
    {
        run.add(event, &word);
    }
    if !run.complete {
        kit::tidy_up(child.id(), run.planned.unwrap_or(0));
    }
    Ok(run)
}

impl Run {
    fn add(&mut self, event: Event, word: &str) {
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
            (Event::Done(said), _) => self.complete = said == word,
            (_, None) => {}
        }
    }
}

/// A word that nobody guesses.
fn word() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("{:016x}", RandomState::new().hash_one(0))
}

/// Waits for the program's end, at most for `limit`.
fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Err(_) => return None,
            Ok(None) if Instant::now() > deadline => return None,
            Ok(None) => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(10));
            }
        }
    }
}

/// Ends all programs that run now, and what they have started. For a runner that is about to end.
pub fn end_all() {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    for number in running.iter() {
        kill_group(*number);
    }
}

/// Ends a program and all that it has started, where the system knows groups of programs.
#[cfg(unix)]
fn kill_group(number: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(number).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_number: u32) {}

/// Reads to the end, and keeps the beginning.
fn keep(pipe: Option<impl Read + Send + 'static>) -> std::sync::mpsc::Receiver<String> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = (&mut pipe).take(OUTPUT_KEPT).read_to_end(&mut kept);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = send.send(String::from_utf8_lossy(&kept).into_owned());
    });
    receive
}
