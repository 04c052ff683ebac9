//! {{title}}: what the learner runs.

use std::io::stdout;

use anyhow::{Context, Result};
use clap::Parser;

/// {{title}}: say what the learner will see.
#[derive(Parser)]
#[command(after_help = "Example:\n  cargo run -q -p lesson-{{id}} -- --text hello")]
struct Cli {
    /// The text to send
    #[arg(long, default_value = "你好")]
    text: String,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let octets = {{crate}}::send(&mut stdout(), &cli.text).context("nobody reads the output")?;
    println!("\n{} characters took {octets} octets", cli.text.chars().count());
    println!("try next: cargo run -q -p lesson-{{id}} -- --text hello");
    Ok(())
}
