//! The one door for every chore of the course: `cargo xtask --help`.
//!
//! It stays small, because everybody compiles it, and in silence: `.cargo/config.toml` tells cargo to
//! be quiet, so that a chore's own words come first. What needs mdBook, a pseudo-terminal or clap is a
//! crate of its own, and is compiled, visibly, when a chore first needs it.

use std::process::ExitCode;

use anyhow::Result;

mod cargo;
mod checks;
mod fuzz;
mod new_lesson;

const HELP: &str = "\
Chores of the course \"Layer by Layer\"

Usage: cargo xtask <CHORE>

  book        Build, serve or check the book (`cargo xtask book --help` lists how)
  exercise    Do the exercises (`cargo xtask exercise --help` lists how)
  scene       List the scenes, or play one (`cargo xtask scene --help` lists how)
  doctor      Say what this machine has and lacks for the course
  bench       Measure ours and its peers side by side (`cargo xtask bench list` lists what)
  test        Run every test: lessons, scenes, book. What follows is for `cargo test`
  ci          Run all that must be green before a change is taken: format, lints, docs, book, exercises, tests
  handout     Write the course as students get it, without solutions
  grade       Check a folder of submissions
  fuzz        Throw random input at the parsers (`cargo xtask fuzz --help` lists how)
  flakes      Run every test many times, in random order, on a busy machine (`--times N`)
  soak        Load every server for an hour, and watch its memory (`--minutes N`)
  licences    List the libraries, and check their licences
  hostile     Be a peer that misbehaves (`cargo xtask hostile --help` lists how)
  new-lesson  Start a new lesson under the name that follows, such as `framing`

Most used:
  cargo xtask book serve       read the book in your browser
  cargo xtask exercise watch   do the exercises: each save is checked
  cargo xtask test             run every test
";

/// clap's exit code for a wrong command line.
const WRONG_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = match std::env::args_os()
        .skip(1)
        .map(std::ffi::OsString::into_string)
        .collect()
    {
        Ok(arguments) => arguments,
        Err(argument) => return usage(&format!("`{}` is not UTF-8", argument.display())),
    };
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let Some((chore, rest)) = arguments.split_first() else {
        eprint!("{HELP}");
        return Ok(ExitCode::from(WRONG_USAGE));
    };
    let asks_for_help = |rest: &[String]| rest.iter().any(|word| word == "--help" || word == "-h");
    match chore.as_str() {
        "book" => cargo::run_package("book", rest),
        "scene" => cargo::run_package("scenes", rest),
        "bench" => cargo::run_package_in("release", "bench", rest),
        // Both are typed.
        "exercise" | "exercises" => cargo::run_package("exercises", rest),
        "hostile" => cargo::run_package("hostile", rest),
        // Chores of their own for who calls them, and commands of the program that knows exercises.
        "doctor" | "handout" | "grade" => cargo::run_package("exercises", arguments),
        "test" if rest.first().is_none_or(|word| word != "--help") => checks::run(rest),
        "help" | "-h" | "--help" => help(HELP),
        "flakes" => cargo::run_package("flakes", rest),
        // A command of the program that knows hostile peers.
        "soak" => cargo::run_package("hostile", arguments),
        "licences" => cargo::run_package("licences", rest),
        "fuzz" if asks_for_help(rest) => help(fuzz::HELP),
        "fuzz" => fuzz::run(rest),
        "test" | "ci" | "new-lesson" if asks_for_help(rest) => help(HELP),
        "ci" => match rest.first() {
            None => checks::ci(),
            Some(word) => Ok(usage(&format!("`ci` takes no `{word}`"))),
        },
        "new-lesson" => match rest {
            [slug] => new_lesson::create(&cargo::root(), slug),
            _ => Ok(usage("`new-lesson` takes one name, such as `framing`")),
        },
        _ => Ok(usage(&format!("there is no chore `{chore}`"))),
    }
}

fn help(text: &str) -> Result<ExitCode> {
    use std::io::Write as _;
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever closed the pipe (`| head`) does not want to hear more.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(ExitCode::SUCCESS)
}

fn usage(what: &str) -> ExitCode {
    eprintln!("error: {what}\n\n`cargo xtask --help` lists the chores.");
    ExitCode::from(WRONG_USAGE)
}
