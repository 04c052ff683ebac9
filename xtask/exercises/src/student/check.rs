//! `check`: build, run, verdict. And the same for all answers, after the progress file was damaged.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anstream::{eprintln, print, println};
use anyhow::Result;

use super::answer::{fingerprint, is_changed};
use super::progress::Progress;
use super::scratch::{self, Scratch};
use super::{Course, answer};
use crate::catalog::Exercise;
use crate::compile::{Libraries, Refused};
use crate::play::{self, Run};
use crate::tell::{self, View, refused};
use crate::text::{BAD, paint, width, wrap};

/// What became of an answer.
#[derive(Debug)]
pub struct Judged {
    /// The answer, if there was text to compile.
    pub answer: Option<String>,
    /// How it went.
    pub end: End,
}

/// How it went with an answer.
#[derive(Debug)]
pub enum End {
    /// There is nothing to be compiled; a sentence says why.
    Unread(String),
    /// It does not compile.
    Refused(Refused),
    /// It ran.
    Ran {
        /// rustc's warnings about it.
        warnings: String,
        /// What happened.
        run: Run,
    },
}

impl Judged {
    /// Is the exercise passed?
    pub fn passed(&self) -> bool {
        matches!(&self.end, End::Ran { run, .. } if run.passed())
    }

    /// Writes down that the exercise was checked, and with which result.
    pub fn note(&self, name: &str, progress: &mut Progress) {
        progress.current = Some(name.to_owned());
        self.note_result(name, progress);
        progress.entry(name).tries += 1;
    }

    fn note_result(&self, name: &str, progress: &mut Progress) {
        progress.unchecked.remove(name);
        if let (true, Some(answer)) = (self.passed(), &self.answer) {
            progress.entry(name).passed = Some(fingerprint(answer));
        }
    }

    /// The verdict, in colour.
    pub fn verdict(&self, course: &Course, exercise: &Exercise) -> String {
        let width = width();
        match &self.end {
            End::Unread(why) => paint(BAD, &wrap(why, width, "", "")) + "\n",
            End::Refused(why) => refused::tell(exercise, self.answer.as_deref(), why, width),
            End::Ran { warnings, run } => {
                let untouched = self.answer.as_deref() == Some(&exercise.known.starter);
                let begins = if untouched && !run.passed() {
                    let said = "The file is still as you got it. This is what it does, and where it goes wrong:";
                    wrap(said, width, "", "") + "\n\n"
                } else {
                    String::new()
                };
                let view = View {
                    root: &course.root,
                    answer: self.answer.as_deref().unwrap_or_default(),
                    width,
                };
                begins + &tell::verdict(exercise, run, view) + &refused::warnings(warnings, width)
            }
        }
    }
}

/// Reads, compiles and runs the student's answer.
///
/// # Errors
/// When something of the machine fails: no rustc, a full disk.
pub fn judge(
    course: &Course,
    exercise: &Exercise,
    libraries: &Libraries,
    scratch: &Scratch,
) -> Result<Judged> {
    let answer = match answer::read(exercise, &course.shown(&exercise.file())) {
        Ok(answer) => answer,
        Err(why) => {
            return Ok(Judged {
                answer: None,
                end: End::Unread(why),
            });
        }
    };
    let end = match libraries.compile(exercise, &answer, &scratch.folder)? {
        Err(why) => End::Refused(why),
        Ok(built) => End::Ran {
            warnings: built.warnings,
            run: play::run(&built.program, &scratch.folder)?,
        },
    };
    Ok(Judged {
        answer: Some(answer),
        end,
    })
}

/// Checks one exercise, prints the verdict, and what to do next.
///
/// # Errors
/// Those of [`judge`], or when there is no such exercise.
pub fn run(course: &Course, name: Option<&str>) -> Result<ExitCode> {
    let exercise = course.chosen(name)?;
    let scratch = scratch::take(&course.root, &exercise.name)?;
    let libraries = Libraries::build(&course.root, [exercise])?;
    if name.is_none() {
        println!("{}\n", super::show::heading(exercise));
    }
    let judged = judge(course, exercise, &libraries, &scratch)?;
    print!("{}", judged.verdict(course, exercise));
    let progress = course.note(|progress| judged.note(&exercise.name, progress));
    println!("\n{}", next(course, exercise, &judged, &progress));
    Ok(if judged.passed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// What to do next.
fn next(course: &Course, exercise: &Exercise, judged: &Judged, progress: &Progress) -> String {
    if judged.passed() {
        let next = match course.after(&exercise.name, progress) {
            Some(other) => format!(
                "Next: {}\n  cargo xtask exercise next",
                super::show::heading(other)
            ),
            None => "All exercises are passed.".into(),
        };
        let compare = super::show::compare(exercise);
        return format!("{compare}\n{next}").trim_start().to_owned();
    }
    let hints = super::show::hints_left(exercise, progress);
    format!(
        "Next: edit {}, then\n  cargo xtask exercise check {name}\nHelp: cargo xtask exercise hint {name}   ({hints})",
        course.shown(&exercise.file()),
        name = exercise.name,
    )
}

/// Rebuilds the progress after the file was damaged: checks every answer that is not as handed out.
///
/// # Errors
/// Those of [`judge`].
pub fn rebuild(course: &Course) -> Result<()> {
    let changed = || -> BTreeSet<String> {
        let own = course
            .exercises
            .iter()
            .filter(|exercise| is_changed(exercise));
        own.map(|exercise| exercise.name.clone()).collect()
    };
    match course.store.set_aside(changed) {
        Ok(None) => {}
        Ok(Some(aside)) => {
            let said = format!(
                "Your progress file was damaged. It is kept as {}. Your answers are not touched: they are checked again now, so what you have passed stays passed. Only the counts of hints are lost.",
                course.shown(&aside)
            );
            eprintln!("{}", wrap(&said, width(), "", "  "));
        }
        Err(error) => {
            eprintln!("Your progress file is damaged, and could not be set aside: {error:#}.");
            return Ok(());
        }
    }
    // Ctrl-C in the middle: the next command goes on where this one was.
    let unchecked = course.store.read().unchecked;
    let mut left: Vec<&Exercise> = (course.exercises.iter())
        .filter(|exercise| unchecked.contains(&exercise.name))
        .collect();
    left.retain(|exercise| is_changed(exercise));
    if unchecked.is_empty() {
        return Ok(());
    }
    if !left.is_empty() {
        let libraries = Libraries::build(&course.root, left.iter().copied())?;
        for exercise in left {
            let scratch = scratch::take(&course.root, &exercise.name)?;
            let judged = judge(course, exercise, &libraries, &scratch)?;
            let result = if judged.passed() {
                "passed"
            } else {
                "not passed"
            };
            eprintln!("  checked again: {}: {result}", exercise.name);
            course.note(|progress| judged.note_result(&exercise.name, progress));
        }
        eprintln!();
    }
    // What is as handed out, or not there any more, has nothing to be found out.
    course.note(|progress| progress.unchecked.retain(|name| !unchecked.contains(name)));
    Ok(())
}
