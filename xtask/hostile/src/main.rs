//! `cargo xtask hostile`: be a bad peer, or let all of them at the course's servers.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use hostile::attack::{Attack, Settings};
use hostile::gate::Gate;
use hostile::peer::{self, Kind};
use hostile::speech::Speech;
use hostile::target::Target;

const EXAMPLES: &str = "\
Start a server first, for example `cargo run -q -p lesson-00-cs-vs-bs -- serve`. Then, in another
terminal:
  cargo xtask hostile silent 127.0.0.1:7070
  cargo xtask hostile midway 127.0.0.1:7070 --speech disk
  cargo xtask hostile smuggling 127.0.0.1:8080
  cargo xtask hostile empty udp:127.0.0.1:9000
  cargo xtask hostile flood unix:s.sock

Exit codes: 0 done, 1 the attack could not be made, 2 the command line is wrong.";

/// Be a peer that misbehaves, against a server on this machine
#[derive(Parser)]
#[command(
    name = "cargo xtask hostile",
    bin_name = "cargo xtask hostile",
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    chore: Option<Chore>,
    #[command(flatten)]
    attack: Option<AttackArgs>,
}

#[derive(Subcommand)]
enum Chore {
    /// List the peers
    List,
    /// Let every peer at every server of the course, and write what happened for the book
    #[cfg(unix)]
    Matrix(MatrixArgs),
    /// Load all servers at once with honest and hostile clients, and watch their memory
    #[cfg(unix)]
    Soak(SoakArgs),
}

#[cfg(unix)]
#[derive(Args)]
struct SoakArgs {
    /// How long
    #[arg(long, default_value_t = 60.0, value_name = "N", value_parser = minutes)]
    minutes: f64,
}

#[cfg(unix)]
fn minutes(text: &str) -> Result<f64, String> {
    let minutes = text.parse().ok().filter(|n| (0.2..=1440.0).contains(n));
    minutes.ok_or_else(|| "write a number from 0.2 to 1440".to_owned())
}

#[cfg(unix)]
#[derive(Args)]
struct MatrixArgs {
    /// Only cells whose name (server/peer) contains this; then nothing is written
    only: Option<String>,
}

#[derive(Args)]
struct AttackArgs {
    /// The peer: `cargo xtask hostile list` names all
    #[arg(value_parser = known_peer)]
    peer: &'static str,
    /// The server: 127.0.0.1:PORT, udp:127.0.0.1:PORT, unix:PATH or unix-datagram:PATH
    target: Target,
    /// What the server speaks; without it, what the peer needs
    #[arg(long, value_enum)]
    speech: Option<Speech>,
    /// How many connections; without it, as many as the peer usually opens
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=20_000))]
    connections: Option<u16>,
    /// Octets of a flood
    #[arg(long, default_value_t = 100_000_000, value_name = "OCTETS")]
    octets: u64,
    /// Milliseconds between two octets of a slow peer
    #[arg(long, default_value_t = 1_000, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pace: u64,
    /// Same seed, same random octets
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The attack ends after so long at the latest
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// How often it is made
    #[arg(long, default_value_t = 1, value_name = "N")]
    rounds: u64,
}

fn known_peer(name: &str) -> Result<&'static str, String> {
    peer::named(name)
        .map(|peer| peer.name)
        .ok_or_else(|| "there is no such peer: `cargo xtask hostile list` names all".to_owned())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match (cli.chore, cli.attack) {
        (Some(Chore::List), _) => list(),
        #[cfg(unix)]
        (Some(Chore::Matrix(args)), _) => hostile::lab::matrix::run(args.only.as_deref()),
        #[cfg(unix)]
        (Some(Chore::Soak(args)), _) => hostile::lab::soak::run(args.minutes),
        (None, Some(args)) => attack(&args),
        (None, None) => Ok(()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has gone (`| head`): no reason to complain.
        Err(error) if is_closed_output(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_closed_output(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<io::Error>();
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

fn list() -> Result<()> {
    let mut out = io::stdout().lock();
    for (kind, whom) in [
        (Kind::Stream, "against a server that takes connections"),
        (Kind::Http, "against a server that speaks HTTP"),
        (Kind::Datagram, "against a program that receives datagrams"),
    ] {
        writeln!(out, "{whom}:")?;
        for peer in peer::ALL.iter().filter(|peer| peer.kind == kind) {
            writeln!(out, "  {:<18} {}", peer.name, peer.about)?;
        }
    }
    Ok(())
}

fn attack(args: &AttackArgs) -> Result<()> {
    let Some(peer) = peer::named(args.peer) else {
        bail!("there is no peer {}", args.peer);
    };
    if args.target.takes_datagrams() != (peer.kind == Kind::Datagram) {
        let (has, form) = if args.target.takes_datagrams() {
            ("connections", "127.0.0.1:PORT or unix:PATH")
        } else {
            ("datagrams", "udp:127.0.0.1:PORT or unix-datagram:PATH")
        };
        let what = format!(
            "{} needs a server that takes {has}: write {form}",
            peer.name
        );
        Cli::command()
            .error(ErrorKind::ValueValidation, what)
            .exit();
    }
    #[cfg(unix)]
    hostile::lab::limits::as_many_files_as_allowed();
    let usual = if peer.kind == Kind::Http {
        Speech::Http
    } else {
        Speech::Lines
    };
    let settings = Settings {
        speech: args.speech.unwrap_or(usual),
        connections: args.connections.map(usize::from),
        octets: args.octets,
        pace: Duration::from_millis(args.pace),
        seed: args.seed,
        only: None,
    };
    let nobody = || {
        anyhow::anyhow!(
            "nobody is listening at {}: start the server first, and give the port or the path that \
             it printed",
            args.target
        )
    };
    if args.target.takes_datagrams() && !args.target.is_received()? {
        return Err(nobody());
    }
    let gate = Gate::new(Duration::from_secs(args.seconds), args.rounds);
    let attack = Attack::new(args.target.clone(), settings, &gate);
    let result = (peer.run)(&attack);
    result.map_err(|error| anyhow::anyhow!("the attack could not be made: {error}"))?;
    let account = attack.account();
    if account.opened == 0 {
        return Err(nobody());
    }
    let words = if args.target.takes_datagrams() {
        account.of_datagrams()
    } else {
        account.to_string()
    };
    writeln!(io::stdout(), "{words}")?;
    Ok(())
}
