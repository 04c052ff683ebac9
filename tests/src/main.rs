//! `scenes list` and `scenes play ID`: what `cargo xtask scene` runs.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use scenes::needs;
use scenes::player::{self, LIMIT};
use scenes::scene::{self, Action, Key, Scene, Step};

/// List and play the scenes of the book.
#[derive(Parser)]
#[command(bin_name = "cargo xtask scene")]
struct Cli {
    #[command(subcommand)]
    command: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Print the id and the caption of every scene.
    List,
    /// Play one scene and print each step, then the terminals.
    Play {
        /// Its id, such as 04-tcp-chat/turn-taking.
        id: String,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !reader_is_gone(&error) {
                eprintln!("error: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    let scenes = scene::all(&scenes::root())?;
    match chore {
        Chore::List => {
            for scene in &scenes {
                say(format_args!("{:<40} {}", scene.id, scene.caption))?;
            }
            say(format_args!("{} scenes", scenes.len()))
        }
        Chore::Play { id } => {
            let scene = scenes
                .iter()
                .find(|scene| scene.id == id)
                .with_context(|| {
                    format!("there is no scene `{id}`: `cargo xtask scene list` prints them all")
                })?;
            play(scene)
        }
    }
}

fn play(scene: &Scene) -> Result<()> {
    if let Some(need) = needs::missing(scene) {
        return say(format_args!("{} is skipped: it needs {need}", scene.id));
    }
    let bin = scenes::build_programs()?;
    say(format_args!("{}\n", scene.caption))?;
    let transcript = player::play(scene, &bin, LIMIT, |step| say(describe(scene, step)))?;
    say(format_args!("\n{transcript}"))
}

/// Prints a line.
fn say(line: impl Display) -> Result<()> {
    writeln!(io::stdout(), "{line}").context("cannot print")
}

/// Whether nobody reads the output any more (`| head -1`): then there is nobody to complain to.
fn reader_is_gone(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    kind == Some(io::ErrorKind::BrokenPipe)
}

fn describe(scene: &Scene, step: &Step) -> String {
    let terminal = &step.terminal;
    match &step.action {
        Action::Start(command) => format!("{terminal}: $ {}", scene.shown(command)),
        Action::Type { text, .. } => format!("{terminal}: types {text:?}"),
        Action::See(pattern) => format!("{terminal}: waits to see {pattern}"),
        Action::Press(key) => format!(
            "{terminal}: {}",
            match key {
                Key::CtrlC => "presses Ctrl-C",
                Key::CtrlD => "presses Ctrl-D",
                Key::Close => "closes the window (SIGHUP)",
                Key::Kill => "is killed (SIGKILL)",
                Key::Terminate => "is told to end (SIGTERM)",
            }
        ),
        Action::End(code) => format!("{terminal}: waits for the end, exit code {code}"),
    }
}
