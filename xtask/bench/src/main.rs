//! `cargo xtask bench`: measure ours and its peers, side by side.

use std::process::ExitCode;

#[cfg(unix)]
mod cli;

#[cfg(unix)]
fn main() -> ExitCode {
    cli::main()
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("error: the benchmarks need Linux or macOS: their peers run there; use WSL");
    ExitCode::FAILURE
}
