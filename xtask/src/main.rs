//! The one door for every chore of the course: `cargo xtask --help`.
//!
//! It stays small, because everybody compiles it. What needs mdBook or a pseudo-terminal is a crate
//! of its own, and is compiled when a chore first needs it.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod cargo;
mod checks;
mod new_lesson;

/// Chores of the course "Layer by Layer".
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true,
    after_help = "Most used:\n  cargo xtask book serve   read the book in your browser\n  cargo xtask test         run every test"
)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build, serve or check the book (`cargo xtask book --help` lists how)
    #[command(disable_help_flag = true)]
    Book {
        /// What the book's builder is told: `build`, `serve` or `test`, and its options
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run every test: lessons, scenes, book
    Test {
        /// Passed on to `cargo test`, such as `-p lesson-04-tcp-chat`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Run all that must be green before a change is taken: format, lints, docs, book, exercises, tests
    Ci,
    /// List the scenes, or play one (`cargo xtask scene --help` lists how)
    #[command(disable_help_flag = true)]
    Scene {
        /// What the player is told: `list`, or `play` and a scene's id
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Do the exercises (`cargo xtask exercise --help` lists how)
    #[command(disable_help_flag = true)]
    Exercise {
        /// What the runner is told: `list`, `check`, `gate` and so on, and their options
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Start a new lesson: a crate, a scene and a chapter that pass the tests at once
    NewLesson {
        /// Its name in lower-case words, such as `framing`; the number is added
        slug: String,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().chore) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<ExitCode> {
    match chore {
        Chore::Book { arguments } => cargo::run_package("book", &arguments),
        Chore::Scene { arguments } => cargo::run_package("scenes", &arguments),
        Chore::Exercise { arguments } => cargo::run_package("exercises", &arguments),
        Chore::Test { arguments } => checks::run(&arguments),
        Chore::Ci => checks::ci(),
        Chore::NewLesson { slug } => new_lesson::create(&cargo::root(), &slug),
    }
}
