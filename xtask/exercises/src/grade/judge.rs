//! One answer: compiled, run, and judged.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use kit::{Compared, Failure};

use super::mark::{Belief, Cell, Mark};
use crate::catalog::Exercise;
use crate::compile::{self, Libraries};
use crate::contain::run::{self, Job};
use crate::contain::{Compiler, Means, Over, Verdict};
use crate::play::{self, Outcome, Run};

/// The signal for a file that grows past its limit.
const SIGXFSZ: i32 = 25;

/// With what answers are judged.
pub struct Judge<'a> {
    pub compiler: &'a Compiler,
    pub libraries: &'a Libraries,
    pub means: Means,
    pub stop: &'a AtomicBool,
}

impl Judge<'_> {
    /// Judges an answer in a folder for it alone. The folder is gone afterwards.
    pub fn judge(&self, exercise: &Exercise, answer: &str, own: &Path) -> Cell {
        let cell = self.compile_and_run(exercise, answer, own);
        remove(own);
        cell.unwrap_or_else(|error| {
            Cell::new(Mark::Fault, format!("It could not be graded: {error:#}"))
        })
    }

    fn compile_and_run(&self, exercise: &Exercise, answer: &str, own: &Path) -> Result<Cell> {
        let job = Job {
            own,
            means: self.means,
            stop: Some(self.stop),
        };
        let rustc = self.libraries.command(exercise, answer, own)?;
        let ran = run::compile(self.compiler, &rustc, &self.libraries.places(), &job)?;
        let built = match compile::outcome(own, ran.success(), &ran.ended.errors) {
            Ok(built) => built,
            Err(refused) => {
                if ran.ended.printed_too_much {
                    let why = "The compiler has more to say about it than is read.";
                    return Ok(Cell::new(Mark::NotCompiled, why.into()));
                }
                if let Some(cell) = stopped(&ran.verdict, "The compiler") {
                    return Ok(cell);
                }
                let words = format!("{}{}", refused.errors, refused.elsewhere);
                return Ok(Cell::new(Mark::NotCompiled, plain(&words)));
            }
        };
        let report = own.join("report");
        let ready = run::program(&built.program, &report, &job)?;
        let (run, ended) = play::run_command(&mut ready.command()?, &report, ready.bounds)?;
        let verdict = ready.verdict(&ended);
        if ended.printed_too_much {
            let why = "It prints without end: more than 16 MiB.";
            return Ok(Cell::new(Mark::Output, why.into()));
        }
        if let Some(cell) = stopped(&verdict, "It") {
            return Ok(cell);
        }
        let mut cell = verdict_on(&run, &verdict);
        if matches!(cell.mark, Mark::Failed | Mark::Broken) {
            let found = exercise.known.recognise(&run.signature());
            cell.belief = found.map(|found| Belief {
                name: found.mistake.name.clone(),
                title: found.mistake.title.clone(),
                hint: found.mistake.hint.clone(),
                certain: found.certain,
            });
        }
        Ok(cell)
    }
}

/// What a limit has ended, or what could not be started. `who` is what ran.
fn stopped(verdict: &Verdict, who: &str) -> Option<Cell> {
    if let Some(fault) = &verdict.fault {
        let why = format!("{who} could not be started: {fault}");
        return Some(Cell::new(Mark::Fault, why));
    }
    let (mark, why) = match verdict.over? {
        Over::Time => (Mark::Time, "did not end in time."),
        Over::Memory => (Mark::Memory, "took more memory than there is for it."),
        Over::Processes => (Mark::Processes, "started more processes than it may."),
    };
    Some(Cell::new(mark, format!("{who} {why}")))
}

fn verdict_on(run: &Run, verdict: &Verdict) -> Cell {
    if run.passed() {
        return Cell::new(Mark::Passed, String::new());
    }
    let printed = |words: &str| run.output.contains(words);
    let (mark, words) = match verdict.signal {
        Some(SIGXFSZ) => (Mark::File, "It writes a file that grows past 16 MiB."),
        Some(_) if printed("memory allocation of") => (
            Mark::Memory,
            "It asks for more memory than there is for it.",
        ),
        Some(_) if printed("has overflowed its stack") => (
            Mark::Broken,
            "It has overflowed its stack: a function that calls itself without end?",
        ),
        Some(signal) => {
            let why = format!("A signal ended it: {}.", signal_name(signal));
            return Cell::new(Mark::Broken, story(run, &why));
        }
        None if !run.complete => {
            let code = verdict.code.unwrap_or_default();
            let why = format!(
                "It ended the whole program, with exit code {code}, before the check was over."
            );
            return Cell::new(Mark::Broken, story(run, &why));
        }
        None => (Mark::Failed, ""),
    };
    Cell::new(mark, story(run, words))
}

#[cfg(unix)]
fn signal_name(number: i32) -> String {
    let name = nix::sys::signal::Signal::try_from(number);
    name.map_or_else(|_| number.to_string(), |name| name.to_string())
}

#[cfg(not(unix))]
fn signal_name(number: i32) -> String {
    number.to_string()
}

/// The first check that is not passed, and why.
fn story(run: &Run, first: &str) -> String {
    let mut text = first.to_owned();
    let failed = run
        .checks
        .iter()
        .find(|check| !matches!(check.outcome, Outcome::Passed));
    let Some(check) = failed else {
        return text;
    };
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = write!(text, "Check: {}.", check.name);
    if let Outcome::Failed(failure) = &check.outcome {
        text += &failure_words(failure);
    }
    shortened(&text)
}

fn failure_words(failure: &Failure) -> String {
    let mut text = format!("\nThis did not come true: {}.", failure.unmet);
    match &failure.compared {
        Some(Compared::Values { expected, got }) => {
            let _ = write!(text, "\nexpected {expected}\ngot {got}");
        }
        Some(Compared::Octets { expected, got }) => {
            let (expected, got) = (expected.escape_ascii(), got.escape_ascii());
            let _ = write!(text, "\nexpected \"{expected}\"\ngot \"{got}\"");
        }
        None => {}
    }
    for (who, state) in &failure.waiting {
        let _ = write!(text, "\n{who} {state}");
    }
    if let Some(panic) = &failure.panic {
        let _ = write!(text, "\npanic at {}: {}", panic.place, panic.message);
    }
    text
}

/// Without the colours for a terminal, and not too long.
fn plain(words: &str) -> String {
    let mut text = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        text += before;
        rest = after
            .find(|c: char| c.is_ascii_alphabetic())
            .map_or("", |end| &after[end + 1..]);
    }
    text += rest;
    shortened(text.trim())
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 1500;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Removes a folder in which a stranger may have made folders in folders without end, or taken rights
/// from them. So nothing here calls itself, and no path grows: an inner folder is first moved out.
fn remove(folder: &Path) {
    let beside = folder.with_extension("removed");
    let _ = fs::create_dir(&beside);
    let mut folders = vec![folder.to_owned()];
    let mut number = 0_u64;
    while let Some(one) = folders.pop() {
        let entries = fs::read_dir(&one).into_iter().flatten().flatten();
        for entry in entries {
            let path = entry.path();
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let _ = fs::remove_file(path);
                continue;
            }
            open(&path);
            let moved = beside.join(number.to_string());
            number += 1;
            if fs::rename(path, &moved).is_ok() {
                folders.push(moved);
            }
        }
        let _ = fs::remove_dir(one);
    }
    let _ = fs::remove_dir(beside);
}

/// Takes the rights back that moving and removing needs.
#[cfg(unix)]
fn open(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
}

#[cfg(not(unix))]
fn open(_: &Path) {}

#[cfg(test)]
mod tests {
    use std::fs;

    #[test]
    fn a_deep_folder_is_removed() {
        let work = tempfile::tempdir().unwrap();
        let own = work.path().join("7");
        fs::create_dir(&own).unwrap();
        // Made from the inside out, because no path may be so long.
        let spare = work.path().join("spare");
        fs::create_dir(&spare).unwrap();
        fs::write(spare.join("file"), "").unwrap();
        for _ in 0..1500 {
            let outer = work.path().join("outer");
            fs::create_dir(&outer).unwrap();
            fs::rename(&spare, outer.join("inner")).unwrap();
            fs::rename(outer, &spare).unwrap();
        }
        fs::rename(spare, own.join("run")).unwrap();
        super::remove(&own);
        assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0);
    }

    #[test]
    fn colours_are_taken_out() {
        let words = "\u{1b}[1m\u{1b}[38;5;9merror\u{1b}[0m: no\u{1b}[";
        assert_eq!(super::plain(words), "error: no");
    }
}
