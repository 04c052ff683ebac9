//! Compiling and running the answers of an exercise.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use super::Fault;
use super::folder::Draft;
use super::lints::Lints;
use super::pool::Slots;
use crate::catalog::Exercise;
use crate::compile::Libraries;
use crate::known::Signature;
use crate::play;

/// A run needs a core for so long. A right answer has passed by then, and what has not is waiting.
const BUSY: Duration = Duration::from_millis(150);

/// What must fail is run so many times at most: the solution is what a student's answer resembles.
const FAILING_TIMES: u32 = 5;

/// What is done for an exercise. Each can be done by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Starter,
    Solution,
    /// The known mistake of this number.
    Wrong(usize),
    Clippy,
    Format,
}

/// One task of the gate.
pub struct Task<'a> {
    /// The exercise's number among those that are examined.
    pub number: usize,
    pub what: What,
    draft: &'a Draft,
    exercise: &'a Exercise,
}

/// What a task has shown.
pub enum Shown {
    /// The answer does not compile: what rustc says.
    Refused(String),
    /// The answer was run.
    Ran {
        /// What rustc says about it.
        warnings: String,
        /// Its runs, at least one.
        runs: Vec<Round>,
    },
    /// What Clippy says, if anything.
    Clippy(Option<String>),
    /// Files that are not formatted.
    Format(Vec<Fault>),
}

/// One run.
pub struct Round {
    pub passed: bool,
    pub signature: Signature,
    pub took: Duration,
}

impl<'a> Task<'a> {
    /// All tasks. First those that may wait for a deadline, so that others are done meanwhile.
    pub fn all(ready: &[(&'a Draft, &'a Exercise)]) -> Vec<Self> {
        let mut tasks = Vec::new();
        let mut add = |what: &dyn Fn(&Draft) -> Vec<What>| {
            for (number, (draft, exercise)) in ready.iter().enumerate() {
                tasks.extend(what(draft).into_iter().map(|what| Task {
                    number,
                    what,
                    draft,
                    exercise,
                }));
            }
        };
        add(&|draft| (0..draft.wrongs.len()).map(What::Wrong).collect());
        add(&|_| vec![What::Starter]);
        add(&|_| vec![What::Solution]);
        add(&|_| vec![What::Clippy, What::Format]);
        tasks
    }
}

/// What the tasks need.
pub struct Player<'a> {
    pub libraries: &'a Libraries,
    pub lints: &'a Lints,
    pub cores: &'a Slots,
    pub scratch: &'a Path,
    /// How often the solution is run.
    pub times: u32,
}

impl Player<'_> {
    pub fn play(&self, task: &Task) -> Result<Shown> {
        let exercise = task.exercise;
        let scratch = self.scratch.join(&exercise.name);
        let answer = |file: &Path| {
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
        };
        let solution = exercise.folder.join("solution.rs");
        let few = self.times.min(FAILING_TIMES);
        match task.what {
            What::Starter => {
                let (file, scratch) = (exercise.file(), scratch.join("exercise"));
                self.run(exercise, &answer(&file)?, &scratch, few)
            }
            What::Solution => {
                let scratch = scratch.join("solution");
                self.run(exercise, &answer(&solution)?, &scratch, self.times)
            }
            What::Wrong(index) => {
                let wrong = &task.draft.wrongs[index];
                let scratch = scratch.join("wrong").join(&wrong.name);
                self.run(exercise, &answer(&wrong.path)?, &scratch, few)
            }
            What::Clippy => {
                let _core = self.cores.take();
                let (answer, scratch) = (answer(&solution)?, scratch.join("clippy"));
                (self.lints)
                    .clippy(exercise, self.libraries, &answer, &scratch)
                    .map(Shown::Clippy)
            }
            What::Format => {
                let _core = self.cores.take();
                let mut files: Vec<PathBuf> = ["exercise.rs", "check.rs", "solution.rs"]
                    .iter()
                    .map(|name| exercise.folder.join(name))
                    .collect();
                files.extend(task.draft.wrongs.iter().map(|wrong| wrong.path.clone()));
                self.lints.unformatted(&files).map(Shown::Format)
            }
        }
    }

    fn run(&self, exercise: &Exercise, answer: &str, scratch: &Path, times: u32) -> Result<Shown> {
        let core = self.cores.take();
        let built = match self.libraries.compile(exercise, answer, scratch)? {
            Ok(built) => built,
            Err(refused) => return Ok(Shown::Refused(refused.errors + &refused.elsewhere)),
        };
        drop(core);
        let mut runs = Vec::new();
        for _ in 0..times {
            let run = self.watch(&built.program, scratch)?;
            runs.push(Round {
                passed: run.passed(),
                signature: run.signature(),
                took: run.took,
            });
        }
        // A program has some megabytes, and there are hundreds of them.
        let _ = fs::remove_dir_all(scratch);
        Ok(Shown::Ran {
            warnings: built.warnings,
            runs,
        })
    }

    /// Runs a program, and gives the core back when the program only waits.
    fn watch(&self, program: &Path, scratch: &Path) -> Result<play::Run> {
        let core = self.cores.take();
        let (send, done) = channel();
        thread::scope(|scope| {
            let running = scope.spawn(move || {
                let run = play::run(program, scratch);
                let _ = send.send(());
                run
            });
            let _ = done.recv_timeout(BUSY);
            drop(core);
            match running.join() {
                Ok(run) => run,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }
}
