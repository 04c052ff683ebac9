//! `cargo xtask exercise`: the exercises' runner.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use exercises::catalog::{self, Exercise};
use exercises::compile::Libraries;
use exercises::{doctor, gate, grade, handout, play, scaffold, tell};

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
    /// Find out whether the course can be done on this machine
    Doctor,
    /// For teachers: make the workspace that students get, without solutions
    Handout {
        /// A folder that is empty or not there
        folder: PathBuf,
        /// Put the sources of all crates into it, so that nobody needs the internet
        #[arg(long)]
        vendored: bool,
    },
    /// For authors: start a new exercise, to be filled in
    New {
        /// The lesson: `04`, or `04-tcp-chat`
        lesson: String,
        /// Its name in lower-case words, such as `cut-character`
        slug: String,
    },
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
    let root = exercises::root();
    // Not before a chore needs them: the gate also reads exercises that are not well-formed.
    let all = || catalog::read(&root);
    match chore {
        Chore::List => {
            for exercise in &all()? {
                println!(
                    "{}  {:24} {}",
                    exercise.lesson, exercise.name, exercise.task.title
                );
            }
            Ok(ExitCode::SUCCESS)
        }
        Chore::Check { name } => {
            let all = all()?;
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
        Chore::Grade(options) => grade::run(&root, &all()?, options),
        Chore::Gate {
            names,
            write,
            times,
        } => {
            let (times, write) = (*times, *write);
            let asked = gate::Asked {
                names,
                times,
                write,
            };
            gate::run(&root, asked)
        }
        Chore::Doctor => Ok(doctor::run(&root)),
        Chore::Handout { folder, vendored } => handout::run(&root, folder, *vendored),
        Chore::New { lesson, slug } => scaffold::create(&root, lesson, slug),
    }
}

fn find<'a>(all: &'a [Exercise], name: &str) -> Result<&'a Exercise> {
    match all.iter().find(|exercise| exercise.name == name) {
        Some(exercise) => Ok(exercise),
        None => bail!("there is no exercise `{name}`: `cargo xtask exercise list` shows all"),
    }
}

fn scratch(root: &Path, name: &str) -> PathBuf {
    root.join("target/exercises").join(name)
}
