//! What the runs of an exercise's answers prove.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Fault;
use super::folder::Draft;
use super::play::{Round, Shown, What};
use crate::catalog::{Exercise, Wrong};
use crate::known::{FILE, Known, Mistake, Signature};

/// The judgement on one exercise.
#[derive(Default)]
pub struct Judged {
    pub faults: Vec<Fault>,
    /// What belongs into `known.json`; nothing if the starter cannot be handed out as it is.
    pub known: Option<Known>,
    /// Known mistakes that every run has recognised.
    pub recognised: usize,
    pub runs: usize,
    pub slowest: Duration,
}

/// Judges an exercise by what its tasks have shown.
pub fn judge(
    root: &Path,
    draft: &Draft,
    exercise: &Exercise,
    shown: Vec<(What, Shown)>,
    write: bool,
) -> Judged {
    let folder = exercise.folder.strip_prefix(root);
    let mut judge = Judge {
        folder: folder.unwrap_or(&exercise.folder).to_owned(),
        judged: Judged::default(),
    };
    let mut starter = None;
    let mut failing: Vec<(&Wrong, Vec<Round>)> = Vec::new();
    for (what, shown) in shown {
        match (what, shown) {
            (_, Shown::Clippy(None)) => {}
            (_, Shown::Clippy(Some(said))) => {
                // The check is compiled with the answer, and may be what Clippy means.
                let own = said.contains("--> exercise.rs");
                let file = if own { "solution.rs" } else { "check.rs" };
                let what = format!("Clippy says:\n{}", said.replace("exercise.rs", file));
                judge.fault(file, what, "write it as Clippy advises");
            }
            (_, Shown::Format(faults)) => judge.judged.faults.extend(faults),
            (What::Starter, shown) => {
                let runs = judge.runs("exercise.rs", shown, true);
                if judge.starter(&runs) {
                    starter = std::fs::read_to_string(exercise.file()).ok();
                }
            }
            (What::Solution, shown) => {
                let runs = judge.runs("solution.rs", shown, true);
                judge.solution(&runs);
            }
            (What::Wrong(index), shown) => {
                let wrong = &draft.wrongs[index];
                let runs = judge.runs(&file_of(wrong), shown, false);
                if judge.wrong(wrong, &runs) {
                    failing.push((wrong, runs));
                }
            }
            // Tasks of their own: neither is run.
            (What::Clippy | What::Format, _) => {}
        }
    }
    let known = Known {
        starter: starter.clone().unwrap_or_default(),
        mistakes: failing
            .iter()
            .map(|(wrong, runs)| Mistake {
                name: wrong.name.clone(),
                title: wrong.title.clone(),
                hint: wrong.hint.clone(),
                fails: runs[0].signature.clone(),
            })
            .collect(),
    };
    for (wrong, runs) in &failing {
        judge.recognise(&known, wrong, runs);
    }
    if starter.is_none() {
        // Without a starter there is nothing to hand out, and nothing to hold against the file.
        return judge.judged;
    }
    if !write {
        let old = Known::read(&exercise.folder);
        let stale = match &old {
            Err(_) => Some("it is damaged".to_owned()),
            Ok(old) => difference(old, &known),
        };
        if let Some(stale) = stale {
            let mend = format!(
                "run `cargo xtask exercise gate {} --write`, and read what changed",
                exercise.name
            );
            judge.fault(FILE, stale, &mend);
        }
    }
    judge.judged.known = Some(known);
    judge.judged
}

struct Judge {
    folder: PathBuf,
    judged: Judged,
}

impl Judge {
    fn fault(&mut self, file: &str, what: impl Into<String>, mend: &str) {
        let fault = Fault::new(self.folder.join(file), what, mend);
        self.judged.faults.push(fault);
    }

    /// The runs of an answer: none if it does not compile.
    fn runs(&mut self, file: &str, shown: Shown, without_warnings: bool) -> Vec<Round> {
        match shown {
            Shown::Ran { warnings, runs } => {
                if without_warnings && !warnings.is_empty() {
                    let what = format!("rustc warns:\n{}", named(&warnings, file));
                    self.fault(file, what, "write it without warnings");
                }
                self.judged.runs += runs.len();
                runs
            }
            Shown::Refused(errors) => {
                let what = format!("it does not compile:\n{}", named(&errors, file));
                self.fault(file, what, "correct it, or the check that calls it");
                Vec::new()
            }
            Shown::Clippy(_) | Shown::Format(_) => Vec::new(),
        }
    }

    /// Can the starter be handed out?
    fn starter(&mut self, runs: &[Round]) -> bool {
        if let Some(at) = runs.iter().position(|run| run.passed) {
            self.fault(
                "exercise.rs",
                format!("it passes as it is handed out{}", which(at, runs)),
                "take something out of it, or let a check ask for more",
            );
            return false;
        }
        !runs.is_empty()
    }

    fn solution(&mut self, runs: &[Round]) {
        let slowest = runs.iter().map(|run| run.took).max().unwrap_or_default();
        self.judged.slowest = slowest;
        let failed: Vec<&Round> = runs.iter().filter(|run| !run.passed).collect();
        if let Some(first) = failed.first() {
            let (bad, all) = (failed.len(), runs.len());
            let what = format!(
                "it does not pass ({bad} of {all} runs):{}",
                lines(&first.signature)
            );
            self.fault("solution.rs", what, "correct the solution, or the check");
        }
    }

    /// Does the mistake fail, and each time?
    fn wrong(&mut self, wrong: &Wrong, runs: &[Round]) -> bool {
        let file = file_of(wrong);
        if let Some(at) = runs.iter().position(|run| run.passed) {
            self.fault(
                &file,
                format!("it passes{}", which(at, runs)),
                "let a check ask for what it gets wrong",
            );
            return false;
        }
        if let Some(run) = runs.iter().find(|run| run.signature.is_empty()) {
            let what = format!(
                "it fails in no check: its program ended after {:?}",
                run.took
            );
            self.fault(&file, what, "a mistake fails in a check: let one see it");
            return false;
        }
        !runs.is_empty()
    }

    fn recognise(&mut self, known: &Known, wrong: &Wrong, runs: &[Round]) {
        let file = file_of(wrong);
        let first = &runs[0].signature;
        if let Some(at) = runs.iter().position(|run| run.signature != *first) {
            let what = format!(
                "its failure changes. Run 1:{}\n  run {}:{}",
                lines(first),
                at + 1,
                lines(&runs[at].signature)
            );
            self.fault(
                &file,
                what,
                "keep out of the failure what changes from run to run (a port, a path, how much a \
                 read returned), or force the order: `until_read`, `nothing_yet`",
            );
            return;
        }
        match known.recognise(first) {
            Some(found) if found.mistake.name == wrong.name => self.judged.recognised += 1,
            Some(found) => {
                let what = format!("it fails exactly as wrong/{}.rs does", found.mistake.name);
                self.fault(&file, what, "let a check tell the two apart");
            }
            None => self.fault(&file, "it is not recognised", "let a check tell it apart"),
        }
    }
}

/// In what rustc says, the answer is called `exercise.rs`.
fn named(said: &str, file: &str) -> String {
    said.replace("/exercise.rs", &format!("/{file}"))
}

fn file_of(wrong: &Wrong) -> String {
    format!("wrong/{}.rs", wrong.name)
}

/// Which run, where there are several.
fn which(at: usize, runs: &[Round]) -> String {
    if runs.len() == 1 {
        return String::new();
    }
    format!(" (run {} of {})", at + 1, runs.len())
}

fn lines(signature: &Signature) -> String {
    if signature.is_empty() {
        return " its program ended before its end".to_owned();
    }
    signature.iter().fold(String::new(), |mut text, fails| {
        let _ = write!(
            text,
            "\n    {}: {} {}",
            fails.check, fails.kind, fails.detail
        );
        text
    })
}

/// How `known.json` differs from what the files do now.
fn difference(old: &Known, new: &Known) -> Option<String> {
    if old == new {
        return None;
    }
    if old.starter.is_empty() {
        return Some("it is missing, or says nothing".to_owned());
    }
    let mut said = Vec::new();
    if old.starter != new.starter {
        said.push("`exercise.rs` is another".to_owned());
    }
    for mistake in &old.mistakes {
        match new.mistakes.iter().find(|other| other.name == mistake.name) {
            None => said.push(format!("`{}` is no known mistake (any more)", mistake.name)),
            Some(other) if other.fails != mistake.fails => said.push(format!(
                "`{}` fails in another way:{}\n  and not:{}",
                mistake.name,
                lines(&other.fails),
                lines(&mistake.fails)
            )),
            Some(other) if other != mistake => {
                said.push(format!("`{}` has other words", mistake.name));
            }
            Some(_) => {}
        }
    }
    for mistake in &new.mistakes {
        if old.mistakes.iter().all(|other| other.name != mistake.name) {
            said.push(format!("`{}` is a new mistake", mistake.name));
        }
    }
    if said.is_empty() {
        said.push("its mistakes stand in another order".to_owned());
    }
    Some(format!("it is not up to date: {}", said.join("; ")))
}
