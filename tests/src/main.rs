//! `scenes list` and `scenes play ID`: what `cargo xtask scene` runs.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
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
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<()> {
    let scenes = scene::all(&scenes::root())?;
    match chore {
        Chore::List => {
            for scene in &scenes {
                println!("{:<40} {}", scene.id, scene.caption);
            }
            println!("{} scenes", scenes.len());
            Ok(())
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
    if let Some(need) = player::missing(scene) {
        println!("{} is skipped: this machine has no {need:?}", scene.id);
        return Ok(());
    }
    let bin = scenes::build_programs()?;
    println!("{}\n", scene.caption);
    let transcript = player::play(scene, &bin, LIMIT, |step| println!("{}", describe(step)))?;
    println!("\n{transcript}");
    Ok(())
}

fn describe(step: &Step) -> String {
    let terminal = &step.terminal;
    match &step.action {
        Action::Start(command) => format!("{terminal}: $ {command}"),
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
