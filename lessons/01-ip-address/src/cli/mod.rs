//! The command line: what was asked, and the lines that are printed.

pub mod args;
mod input;
mod network;
mod progress;
mod quiz;
mod show;

use std::io::{self, IsTerminal, Write};
use std::net::Ipv4Addr;

use args::Args;
use clap::CommandFactory;
use clap::error::ErrorKind;
use show::Show;

/// Does what the command line asks. `false` when an input was refused.
pub fn run(args: &Args) -> anyhow::Result<bool> {
    if args.quiz {
        quiz::run(args)?;
        return Ok(true);
    }
    let show = Show::new(args);
    if !args.addresses.is_empty() {
        return input::arguments(&show, &args.addresses);
    }
    if io::stdin().is_terminal() {
        if args.json || args.to.is_some() {
            Args::command()
                .error(
                    ErrorKind::MissingRequiredArgument,
                    "no address is given: name one, such as 100.4.5.6, or type them after `ip-demo -`",
                )
                .exit();
        }
        let mut out = io::stdout().lock();
        if args.wire {
            show::captured(&mut out)?;
        } else {
            demo(&mut out)?;
        }
        return Ok(true);
    }
    input::standard_input(&show)
}

/// Without arguments: the point of the lesson, and what to try next.
fn demo(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "100.4.5.6 is 32 bits. Dotted decimal is one way to write them.\n"
    )?;
    show::explanation(out, Ipv4Addr::new(100, 4, 5, 6).into())?;
    writeln!(out, "\nNext, where a network ends and its hosts begin:")?;
    writeln!(
        out,
        "  cargo run -q -p lesson-01-ip-address -- 192.168.1.70/26"
    )
}
