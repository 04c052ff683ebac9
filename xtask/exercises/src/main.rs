//! `cargo xtask exercise`: the exercises' runner.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use exercises::student::{self, Course, check, export, list, reset, show, watch};
use exercises::{doctor, gate, grade, handout, pace, scaffold, text};

/// Below the list of the commands.
const BEGIN: &str = "\
Begin with:
  cargo xtask exercise watch   shows the next task; checks your answer at each save

If you name no exercise, it is the one in whose folder you are. In other folders
it is the one that you did last, or the next one.";

/// Do the exercises
#[derive(Parser)]
#[command(
    name = "cargo xtask exercise",
    bin_name = "cargo xtask exercise",
    after_help = BEGIN,
    arg_required_else_help = true
)]
struct Cli {
    /// The root folder of the course, if it is not the one around the current folder
    #[arg(long, global = true, hide = true)]
    root: Option<PathBuf>,
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// List the exercises by lesson: passed, tried, new, and which is next
    List,
    /// Show the task that is next
    Next,
    /// Check your answer
    Check {
        /// The exercise's name; without it, the one that you are at
        name: Option<String>,
    },
    /// Check your answer each time that you save it
    Watch {
        /// The exercise's name; without it, the one that you are at
        name: Option<String>,
        /// Look at the file again and again: for WSL and network drives, which announce no saves
        #[arg(long)]
        poll: bool,
    },
    /// Show the next hint
    Hint {
        /// The exercise's name; without it, the one that you are at
        name: Option<String>,
    },
    /// Show a solution, once you have passed
    Solution {
        /// The exercise's name
        name: String,
        /// Even though it is not passed yet
        #[arg(long)]
        spoil: bool,
    },
    /// Start an exercise anew; what you have written is kept aside
    Reset {
        /// The exercise's name
        name: String,
    },
    /// Write one file to hand in, with your answers to all exercises
    Export {
        /// The file
        #[arg(default_value = export::USUAL)]
        file: PathBuf,
        /// Your name, for whoever gets the file; without it no name stands there
        #[arg(long)]
        name: Option<String>,
    },
    /// Find out whether the course can be done on this machine
    Doctor,
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
    /// For authors: measure from save to verdict, beside `cargo test` of an empty crate
    #[command(hide = true)]
    Pace {
        /// These exercises; without names, one without sockets and one with
        names: Vec<String>,
        /// How often each answer is saved
        #[arg(long, default_value_t = 20)]
        saves: usize,
    },
    /// For teachers: grade a folder of submissions
    Grade(grade::Options),
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
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            let said = format!("error: {error:#}");
            eprintln!("{}", text::wrap(&said, text::width(), "", "  "));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    // Grading has more to end than a student's run, and does so by itself.
    if !matches!(cli.chore, Chore::Grade(_)) {
        student::heed_ctrl_c();
    }
    let root = &student::root(cli.root);
    // Not before a student's command needs it: the others may meet exercises that are not well-formed.
    let course = || Course::open(root);
    match cli.chore {
        Chore::List => done(list::run(&course()?)),
        Chore::Next => done(show::next(&course()?)),
        Chore::Check { name } => check::run(&course()?, name.as_deref()),
        Chore::Watch { name, poll } => watch::run(&course()?, name.as_deref(), poll),
        Chore::Hint { name } => done(show::hint(&course()?, name.as_deref())),
        Chore::Solution { name, spoil } => done(show::solution(&course()?, &name, spoil)),
        Chore::Reset { name } => done(reset::run(&course()?, &name)),
        Chore::Export { file, name } => done(export::run(&course()?, &file, name.as_deref())),
        Chore::Grade(options) => grade::run(root, &course()?.exercises, &options),
        Chore::Gate {
            names,
            write,
            times,
        } => {
            let asked = gate::Asked {
                names: &names,
                times,
                write,
            };
            gate::run(root, asked)
        }
        Chore::Pace { names, saves } => done(pace::run(&course()?, &names, saves)),
        Chore::Doctor => Ok(doctor::run(root)),
        Chore::Handout { folder, vendored } => handout::run(root, &folder, vendored),
        Chore::New { lesson, slug } => scaffold::create(root, &lesson, &slug),
    }
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}
