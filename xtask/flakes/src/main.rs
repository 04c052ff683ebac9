//! `cargo xtask flakes`: every test, many times, in random order, several at once, on a busy machine.
//!
//! Each test runs in a process of its own, so that one that fails takes no other with it, and is counted
//! by its name.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use clap::Parser;

use count::Count;
use listing::Test;
use order::Order;

mod count;
mod listing;
mod order;
mod pressure;
mod run;

/// Run every test again and again, in random order, several at once, on a busy machine
#[derive(Parser)]
#[command(name = "cargo xtask flakes", bin_name = "cargo xtask flakes")]
struct Cli {
    /// How often every test runs
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    times: u32,
    /// Begin another record; without it, the runs are added to those in book/measured/flakes.json
    #[arg(long)]
    anew: bool,
    /// Leave out the tests whose name (program::test) contains this. May be said several times
    #[arg(long, value_name = "WORD")]
    without: Vec<String>,
    /// Only tests whose name (program::test) contains one of these; then nothing is noted without --note
    only: Vec<String>,
    /// Add to the record although only some tests run
    #[arg(long)]
    note: bool,
    /// Tests at a time; without it, twice as many as processors
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Same seed, same order; without it, another one each time
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    match flakes(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    Ok(root.context("the crate stands in xtask/flakes")?.to_owned())
}

/// Two counts at once would make the machine busier than either of them says, and the record that one
/// writes at its end would disturb the tests of the other.
fn alone(root: &Path) -> Result<File> {
    // Programs may be built elsewhere (CARGO_TARGET_DIR), and then this folder is not there yet.
    let folder = root.join("target");
    let lock = fs::create_dir_all(&folder)
        .and_then(|()| File::create(folder.join("flakes.lock")))
        .with_context(|| format!("cannot write in {}", folder.display()))?;
    lock.try_lock()
        .context("another count still runs here: wait for its end")?;
    Ok(lock)
}

fn flakes(cli: &Cli) -> Result<()> {
    // In the background of a shell Ctrl-C is ignored, and that is inherited by every program that a test
    // starts and wants to interrupt. With a handler here, they begin with the system's own. To end at once
    // would leave the pressure behind, for ever.
    let stop = Arc::new(AtomicBool::new(false));
    let pressed = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        pressed.store(true, Ordering::Relaxed);
        // Whoever closed the terminal does not read it.
        let _ = writeln!(
            io::stderr(),
            "no test begins any more; those that run are waited for"
        );
    })
    .context("cannot hear Ctrl-C")?;
    let root = root()?;
    let _alone = alone(&root)?;
    let all = listing::all(&root)?;
    // Once, and not in each test: see `scenes::BUILT`.
    scenes::build_programs()?;
    let meant = |test: &&Test| {
        (cli.only.is_empty() || cli.only.iter().any(|word| test.name.contains(word)))
            && !cli.without.iter().any(|word| test.name.contains(word))
    };
    let tests: Vec<&Test> = all.iter().filter(meant).collect();
    if tests.is_empty() {
        bail!("there is no such test");
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = cli.jobs.map_or(2 * processors, usize::from);
    let seed = cli.seed.unwrap_or_else(|| fastrand::u64(..1 << 32));
    let pressure = pressure::Pressure::begin(processors);
    // Whoever reads it (`| head`) may have had enough: the tests go on.
    let _ = writeln!(
        io::stdout(),
        "{} tests, {} times, {jobs} at once, seed {seed}; pressure: {}",
        tests.len(),
        cli.times,
        pressure.words()
    );
    let noted = cli.note || cli.only.is_empty();
    if noted && !cli.anew {
        // A record that is damaged is told now, and not after hours.
        Count::recorded(&root)?;
    }
    let mut count = Count::begin(pressure.words());
    let a_round = tests.len() as u64;
    // Nobody waits for the last test of a round.
    let mut order = Order::new(tests, cli.times, seed);
    // Where this course stands is no business of who reads the record.
    let here = format!("{}/", root.display());
    let done = |test: &Test, failed: Option<String>| {
        let failed = failed.map(|said| said.replace(&here, ""));
        if let Some(said) = &failed {
            let _ = writeln!(io::stdout(), "failed: {}\n{said}", test.name);
        }
        count.add(&test.name, failed);
        if count.runs().is_multiple_of(a_round) {
            let _ = writeln!(io::stdout(), "{} runs", count.runs());
        }
    };
    let ended = run::run(|| order.next(), done, jobs, &stop);
    drop(pressure);
    // A run that Ctrl-C has broken off has its figures all the same. Nothing is written before its end: the
    // tests of the served book look at this folder, and a page is loaded anew when a file in it changes.
    if noted {
        let mut record = if cli.anew {
            Count::default()
        } else {
            Count::recorded(&root)?
        };
        record.add_call(&count, &all);
        record.write(&root)?;
    }
    ended?;
    count.verdict()
}
