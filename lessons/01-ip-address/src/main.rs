//! `ip-demo`: an address in every notation, its network, and its kind.

mod cli;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::cli::args::Args;

fn main() -> ExitCode {
    let args = Args::parse();
    match cli::run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // `ip-demo … | head -1`: the reader has what it wanted and has gone. That is no failure.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Not `eprintln!`, which panics where nothing can be written.
            let _ = writeln!(io::stderr(), "error: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    kind(error) == Some(ErrorKind::BrokenPipe)
}

fn kind(error: &anyhow::Error) -> Option<ErrorKind> {
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}

/// What went wrong, in words. All that this program reads is standard input and all that it writes
/// is standard output, so the kind of error tells which.
fn sentence(error: &anyhow::Error) -> String {
    match kind(error) {
        Some(ErrorKind::StorageFull) => {
            "no space is left where the output goes: free some, or write to another place".into()
        }
        Some(ErrorKind::IsADirectory) => {
            "standard input is a directory: redirect a file of addresses, one a line".into()
        }
        Some(ErrorKind::InvalidData) => {
            "the input is UTF-16 text, as some programs of Windows write it: save it as UTF-8"
                .into()
        }
        Some(other) => format!("reading the input or writing the output failed: {other}"),
        None => format!("{error:#}"),
    }
}
