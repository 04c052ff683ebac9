//! The program of lesson 03: every experiment is a subcommand; without one, a short tour.

#[cfg(unix)]
mod cli;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    cli::main()
}

#[cfg(not(unix))]
fn main() -> std::process::ExitCode {
    eprintln!("error: {}", lesson_03_unix_sockets::ON_WINDOWS);
    std::process::ExitCode::FAILURE
}
