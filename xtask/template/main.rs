//! {{title}}: what the learner runs.

use std::io::stdout;

use anyhow::{Context, Result};
use clap::Parser;
use {{crate}}::send;

const EXAMPLE: &str = "Example:\n  cargo run -q -p lesson-{{id}} -- --text hello";

/// {{title}}: say what the learner will see.
#[derive(Parser)]
#[command(after_help = EXAMPLE)]
struct Cli {
    /// The text to send
    #[arg(long, default_value = "你好")]
    text: String,
}

fn main() -> Result<()> {
    let text = Cli::parse().text;
    let characters = text.chars().count();
    let octets = send(&mut stdout(), &text).context("nobody reads the output")?;
    println!("\n{characters} characters took {octets} octets");
    println!("try next: cargo run -q -p lesson-{{id}} -- --text hello");
    Ok(())
}
