//! The command line.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bench::benchmarks::{ALL, Benchmark};
use bench::context::Context;
use bench::turns::STOP;
use bench::{machine, process, show};
use clap::{CommandFactory as _, Parser, Subcommand};
use measured::{file, plot};

/// Measure ours and its peers, side by side
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask bench",
    bin_name = "cargo xtask bench",
    after_help = "Without names, all of them run: about ten minutes. `list` says what each measures.\n\
        Let the machine do nothing else meanwhile.",
    args_conflicts_with_subcommands = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only these benchmarks
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// More rounds, and the slow peers at full length: takes an hour
    #[arg(long)]
    full: bool,
    /// The folder for the results: for each benchmark a JSON file and a drawing
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the benchmarks and the peers that they need
    List,
    /// Run a program, and say on standard error how much memory it held at most, in octets
    #[command(hide = true, name = process::PEAK)]
    Peak {
        /// The program and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
}

pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Some(Command::List) => list(),
        Some(Command::Peak { command }) => return process::peak_main(command),
        None => run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> Result<()> {
    say(names().trim_end_matches('\n'))
}

/// The benchmarks, one a line.
fn names() -> String {
    let line = |benchmark: &Benchmark| format!("  {:10}  {}\n", benchmark.name, benchmark.about);
    ALL.iter().map(line).collect::<Vec<_>>().concat()
}

fn run(arguments: &Arguments) -> Result<()> {
    let chosen: Vec<&Benchmark> = if arguments.names.is_empty() {
        ALL.iter().collect()
    } else {
        arguments.names.iter().map(|name| find(name)).collect()
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("this program does not know its repository")?;
    let out = match &arguments.out {
        Some(out) => out.clone(),
        None => root.join(measured::FOLDER),
    };
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)).context("cannot hear Ctrl-C")?;
    let (begun, mut built) = (Instant::now(), Duration::ZERO);
    let mut failed = Vec::new();
    for benchmark in chosen {
        if STOP.load(Ordering::Relaxed) {
            break;
        }
        match measure(benchmark, root, &out, arguments.full) {
            Ok(building) => built += building,
            Err(error) => {
                say(&format!("{}: {error:#}\n", benchmark.name))?;
                failed.push(benchmark.name);
            }
        }
    }
    let took = begun.elapsed().as_secs();
    say(&format!(
        "{} min {} s, of which cargo needed {} s to build; results in {}",
        took / 60,
        took % 60,
        built.as_secs(),
        out.display()
    ))?;
    if STOP.load(Ordering::Relaxed) {
        anyhow::bail!("broken off: what was measured before is written");
    }
    if failed.is_empty() {
        return Ok(());
    }
    anyhow::bail!("these have failed: {}", failed.join(", "))
}

/// Measures, shows and writes. Returns how long it took to build what is measured.
fn measure(benchmark: &Benchmark, root: &Path, out: &Path, full: bool) -> Result<Duration> {
    let begun = Instant::now();
    let load = machine::Load::now();
    let context = Context::new(root, full)?;
    let groups = (benchmark.run)(&context)?;
    let report = measured::report::Report {
        name: benchmark.name.to_owned(),
        date: machine::today()?,
        machine: machine::describe()?,
        groups,
        missing: context.missing(),
        others: load.and_then(machine::Load::others_until_now),
    };
    let path = file(out, benchmark.name);
    let text = report.to_json()?;
    // What the book would refuse is not written over what it has.
    measured::report::Report::parse(&text).context("what was measured is not whole")?;
    fs::write(&path, text)
        .and_then(|()| {
            let drawing = plot::file(&report.groups, benchmark.name);
            fs::write(path.with_extension("svg"), drawing)
        })
        .with_context(|| format!("cannot write {}", path.display()))?;
    let took = begun.elapsed().as_secs_f64();
    say(&show::report(&report, took))?;
    Ok(context.built())
}

/// The benchmark of this name. Whoever asks for another one gets the list.
fn find(name: &str) -> &'static Benchmark {
    ALL.iter()
        .find(|benchmark| benchmark.name == name)
        .unwrap_or_else(|| {
            let kind = clap::error::ErrorKind::InvalidValue;
            let what = format!("there is no benchmark `{name}`; there are\n{}", names());
            Arguments::command().error(kind, what).exit()
        })
}

/// Prints. Whoever closed the pipe does not want to hear more, and that is no fault.
fn say(text: &str) -> Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("cannot print"),
    }
}
