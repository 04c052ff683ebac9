//! `book build | serve | test`: the commands behind `cargo xtask book`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use book::layout::Layout;
use book::site;
use clap::{Parser, Subcommand};

/// Builds, checks and serves the book.
#[derive(Debug, Parser)]
#[command(name = "book", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the book's pages
    Build {
        /// The folder for the pages: an empty one, or one that holds an earlier book
        #[arg(long, value_name = "DIR")]
        dest: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> Result<ExitCode> {
    let layout = Layout::find()?;
    match command {
        Command::Build { dest } => {
            let dest = site::build(&layout, dest.as_deref())?;
            println!("the book is in {}", dest.display());
            Ok(ExitCode::SUCCESS)
        }
    }
}
