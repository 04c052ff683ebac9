//! TCP and UDP: the differences seen, not told.

mod cli;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::run(&cli::Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // `… | head -1` has read enough: that is no error of ours.
        Err(error) if error.is::<cli::OutputClosed>() => ExitCode::SUCCESS,
        Err(error) => {
            // Not `eprintln!`, which panics where nothing can be written.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
