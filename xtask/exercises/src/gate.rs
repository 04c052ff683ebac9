//! The gate: what must be true of every exercise.
//!
//! As handed out it compiles and fails; the solution passes; each known mistake compiles and fails;
//! each known mistake is recognised as itself.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::catalog::Exercise;
use crate::compile::Libraries;
use crate::known::{FILE, Known, Mistake};
use crate::play::{self, Run};

/// Something that is wrong with an exercise, and what mends it.
#[derive(Debug)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// What is wrong.
    pub what: String,
    /// What mends it.
    pub mend: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}\n  mend: {}",
            self.file.display(),
            self.what,
            self.mend
        )
    }
}

/// How the gate is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// How often the solution must pass.
    pub times: u32,
    /// Write `known.json` anew instead of finding fault with it.
    pub write: bool,
}

/// Examines one exercise. `scratch` is a folder for it alone.
///
/// # Errors
/// When something of the machine fails: no rustc, a full disk.
pub fn examine(
    exercise: &Exercise,
    libraries: &Libraries,
    scratch: &Path,
    asked: Asked,
) -> Result<Vec<Fault>> {
    let mut gate = Gate {
        exercise,
        libraries,
        scratch,
        faults: Vec::new(),
    };
    let starter = gate.read("exercise.rs")?;
    if let Some(run) = gate.play("exercise.rs", &starter)?
        && run.passed()
    {
        gate.fault(
            "exercise.rs",
            "it passes as it is handed out",
            "take something out of it, or let a check ask for more",
        );
    }
    let solution = gate.read("solution.rs")?;
    for _ in 0..asked.times {
        let Some(run) = gate.play("solution.rs", &solution)? else {
            break;
        };
        if !run.passed() {
            let what = format!("it does not pass: {:?}", run.signature());
            gate.fault("solution.rs", &what, "correct the solution, or the check");
            break;
        }
    }
    let mut known = Known {
        starter,
        mistakes: Vec::new(),
    };
    for wrong in exercise.wrongs()? {
        let file = format!("wrong/{}.rs", wrong.name);
        let text = gate.read(&file)?;
        let Some(run) = gate.play(&file, &text)? else {
            continue;
        };
        if run.passed() {
            gate.fault(&file, "it passes", "let a check ask for what it gets wrong");
            continue;
        }
        known.mistakes.push(Mistake {
            name: wrong.name,
            title: wrong.title,
            hint: wrong.hint,
            fails: run.signature(),
        });
    }
    if known.mistakes.len() < 3 {
        let what = format!("it has {} known mistakes that fail", known.mistakes.len());
        gate.fault("wrong", &what, "write at least 3 that students really make");
    }
    if exercise.task.hints.len() != 3 || exercise.task.hints.iter().any(String::is_empty) {
        gate.fault(
            "task.md",
            "it has not three hints",
            "write `## Hint 1` to `## Hint 3`",
        );
    }
    for mistake in &known.mistakes {
        let found = known.recognise(&mistake.fails);
        if found.is_none_or(|found| found.mistake.name != mistake.name) {
            let what = match found {
                Some(found) => format!("it fails exactly as wrong/{}.rs does", found.mistake.name),
                None => "it is not recognised".to_owned(),
            };
            let file = format!("wrong/{}.rs", mistake.name);
            gate.fault(&file, &what, "let a check tell the two apart");
        }
    }
    if asked.write {
        fs::write(exercise.folder.join(FILE), known.text()).context("cannot write known.json")?;
    } else if known != exercise.known {
        gate.fault(
            FILE,
            "it does not say what the files do",
            "run `cargo xtask exercise gate --write`, and read what changed",
        );
    }
    Ok(gate.faults)
}

struct Gate<'a> {
    exercise: &'a Exercise,
    libraries: &'a Libraries,
    scratch: &'a Path,
    faults: Vec<Fault>,
}

impl Gate<'_> {
    fn read(&self, file: &str) -> Result<String> {
        let path = self.exercise.folder.join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    /// Compiles and runs an answer. A fault when it does not compile.
    fn play(&mut self, file: &str, answer: &str) -> Result<Option<Run>> {
        let scratch = self.scratch.join(file.replace(['/', '.'], "-"));
        match self.libraries.compile(self.exercise, answer, &scratch)? {
            Ok(built) => {
                if !built.warnings.is_empty() {
                    self.fault(
                        file,
                        &format!("rustc warns:\n{}", built.warnings),
                        "write it without warnings",
                    );
                }
                Ok(Some(play::run(&built.program, &scratch)?))
            }
            Err(refused) => {
                let what = format!(
                    "it does not compile:\n{}{}",
                    refused.errors, refused.elsewhere
                );
                self.fault(file, &what, "correct it");
                Ok(None)
            }
        }
    }

    fn fault(&mut self, file: &str, what: &str, mend: &str) {
        self.faults.push(Fault {
            file: self.exercise.folder.join(file),
            what: what.to_owned(),
            mend: mend.to_owned(),
        });
    }
}
