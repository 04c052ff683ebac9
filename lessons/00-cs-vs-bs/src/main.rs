//! The command line of lesson 00. The concept is in the library beside it.

mod cli;

use lesson_00_cs_vs_bs::terminal::plain;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(code) => code,
        // Somebody reads only the first lines (`| head -1`): that is no failure.
        Err(error) if cli::is_closed_output(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", plain(&format_args!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}
