//! `cargo xtask exercise`: the exercises' runner.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use exercises::catalog::{self, Exercise};
use exercises::compile::Libraries;
use exercises::{gate, grade, play, tell};

/// Do the exercises.
#[derive(Parser)]
#[command(name = "cargo xtask exercise", bin_name = "cargo xtask exercise")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// List the exercises
    List,
    /// Check your answer
    Check {
        /// The exercise's name
        name: String,
    },
    /// For authors: prove that every exercise tells right from wrong
    Gate {
        /// Only these exercises
        names: Vec<String>,
        /// Write `known.json` anew
        #[arg(long)]
        write: bool,
        /// How often each solution must pass
        #[arg(long, default_value_t = 1)]
        times: u32,
    },
    /// For teachers: grade a folder of submissions
    Grade(grade::Options),
}

fn main() -> ExitCode {
    if let Some(code) = exercises::contain::helper_main() {
        return code;
    }
    match run(&Cli::parse().chore) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: &Chore) -> Result<ExitCode> {
    let root = root();
    let all = catalog::read(&root)?;
    match chore {
        Chore::List => {
            for exercise in &all {
                println!(
                    "{}  {:24} {}",
                    exercise.lesson, exercise.name, exercise.task.title
                );
            }
            Ok(ExitCode::SUCCESS)
        }
        Chore::Check { name } => {
            let exercise = find(&all, name)?;
            let libraries = Libraries::build(&root, [exercise])?;
            let scratch = scratch(&root, name);
            let answer = fs::read_to_string(exercise.file()).context("cannot read your answer")?;
            match libraries.compile(exercise, &answer, &scratch)? {
                Err(refused) => {
                    print!("{}{}", refused.errors, refused.elsewhere);
                    Ok(ExitCode::FAILURE)
                }
                Ok(built) => {
                    let run = play::run(&built.program, &scratch)?;
                    print!("{}{}", built.warnings, tell::verdict(exercise, &run));
                    Ok(if run.passed() {
                        ExitCode::SUCCESS
                    } else {
                        ExitCode::FAILURE
                    })
                }
            }
        }
        Chore::Grade(options) => grade::run(&root, &all, options),
        Chore::Gate {
            names,
            write,
            times,
        } => {
            let chosen = if names.is_empty() {
                all.iter().collect()
            } else {
                names
                    .iter()
                    .map(|name| find(&all, name))
                    .collect::<Result<Vec<_>>>()?
            };
            let libraries = Libraries::build(&root, chosen.iter().copied())?;
            let asked = gate::Asked {
                times: *times,
                write: *write,
            };
            let mut count = 0;
            for exercise in &chosen {
                let begun = std::time::Instant::now();
                let faults = gate::examine(
                    exercise,
                    &libraries,
                    &scratch(&root, &format!("gate/{}", exercise.name)),
                    asked,
                )?;
                println!(
                    "{:24} {} faults, {:.2} s",
                    exercise.name,
                    faults.len(),
                    begun.elapsed().as_secs_f64()
                );
                for fault in &faults {
                    println!("{fault}");
                }
                count += faults.len();
            }
            Ok(if count == 0 {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
    }
}

fn find<'a>(all: &'a [Exercise], name: &str) -> Result<&'a Exercise> {
    match all.iter().find(|exercise| exercise.name == name) {
        Some(exercise) => Ok(exercise),
        None => bail!("there is no exercise `{name}`: `cargo xtask exercise list` shows all"),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap_or_default()
}

fn scratch(root: &Path, name: &str) -> PathBuf {
    root.join("target/exercises").join(name)
}
