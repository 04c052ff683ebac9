//! `ip-bulk`: many addresses to dotted binary.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::process::{self, seconds};
use crate::turns::Turns;

const OURS: &str = "ip-demo";
const TABLE: &str = "a bare loop with a table";
const IDIOM: &str = "idiomatic Rust: lines, parse, {:08b}";
const PYTHON: &str = "Python: ipaddress";
const SIPCALC: &str = "sipcalc -b - (prints more)";
const CAT: &str = "cat of the result";

/// The script stands beside this code.
const SCRIPT: &str = include_str!("../../peers/ip_bulk.py");

/// A program and its arguments.
struct Program {
    who: &'static str,
    command: Vec<PathBuf>,
    /// Rounds, if it is slow.
    slow: Option<usize>,
}

pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    let ours = context.program("lesson-01-ip-address", OURS)?;
    let sizes = [1_000_000, 10_000_000];
    let mut inputs = Vec::new();
    for count in sizes {
        let input = context.scratch(&format!("{count}.txt"));
        write_addresses(&input, count)?;
        let result = context.scratch(&format!("{count}.bits"));
        convert(&ours, &input, &result)?;
        inputs.push((count, input, result));
    }
    let fast = fast(context, &ours)?;
    let slow = slow(context)?;
    // What sipcalc prints is another thing.
    let python = slow.iter().filter(|program| program.who == PYTHON);
    for program in fast.iter().skip(1).chain(python) {
        let (_, input, result) = &inputs[0];
        same(context, program, input, result)?;
    }
    let mut groups = Vec::new();
    for (count, input, result) in &inputs {
        let with_slow = *count == sizes[0] || context.choose(false, true);
        for to_file in [false, true] {
            let slow = if with_slow && !to_file {
                &slow[..]
            } else {
                &[]
            };
            let programs: Vec<&Program> = fast.iter().chain(slow).collect();
            groups.push(group(context, *count, to_file, input, result, &programs)?);
        }
    }
    groups.push(memory(context, &ours, &inputs[0].1, &inputs[1].1)?);
    Ok(groups)
}

fn group(
    context: &Context,
    count: u32,
    to_file: bool,
    input: &Path,
    result: &Path,
    programs: &[&Program],
) -> Result<Group> {
    let millions = count / 1_000_000;
    let goal = if to_file { "a file" } else { "/dev/null" };
    let mut turns = Turns::new(
        format!("{millions} million addresses to {goal}"),
        Unit::Seconds,
        context.choose(if millions == 1 { 9 } else { 3 }, 21),
    );
    let output = if to_file {
        context.scratch("output")
    } else {
        "/dev/null".into()
    };
    for program in programs {
        let output = output.clone();
        let measure = move || {
            let from = File::open(input)?;
            // An old file is emptied before the clock starts.
            let to = File::create(&output)?;
            seconds(&mut command(&program.command, from, to))
        };
        match program.slow {
            None if program.who == OURS => turns.ours(program.who, measure),
            None => turns.peer(program.who, measure),
            Some(rounds) => turns.slow_peer(program.who, rounds, measure),
        }
    }
    let cat_to = output.clone();
    turns.peer(CAT, move || {
        let (from, to) = (File::open(result)?, File::create(&cat_to)?);
        seconds(&mut command(&["cat".into()], from, to))
    });
    turns.at_most(OURS, 1.5, TABLE);
    if programs.iter().any(|program| program.slow.is_some()) {
        turns.times_as_fast(OURS, 40.0, PYTHON);
        turns.times_as_fast(OURS, 60.0, SIPCALC);
    }
    turns.take()
}

fn command(program: &[PathBuf], from: File, to: File) -> Command {
    let mut command = Command::new(&program[0]);
    command
        .args(&program[1..])
        .stdin(Stdio::from(from))
        .stdout(Stdio::from(to))
        .stderr(Stdio::null());
    command
}

fn fast(context: &Context, ours: &Path) -> Result<Vec<Program>> {
    let mut programs = vec![Program {
        who: OURS,
        command: vec![ours.to_owned()],
        slow: None,
    }];
    for (who, name) in [(TABLE, "bench-table"), (IDIOM, "bench-idiomatic")] {
        programs.push(Program {
            who,
            command: vec![context.program("bench", name)?],
            slow: None,
        });
    }
    Ok(programs)
}

fn slow(context: &Context) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    if let Some(python) = context.peer("python3") {
        let script = context.scratch("ip_bulk.py");
        fs::write(&script, SCRIPT)?;
        programs.push(Program {
            who: PYTHON,
            command: vec![python, script],
            slow: Some(context.choose(3, 7)),
        });
    }
    if let Some(sipcalc) = context.peer("sipcalc") {
        programs.push(Program {
            who: SIPCALC,
            command: vec![sipcalc, "-b".into(), "-".into()],
            slow: Some(context.choose(2, 7)),
        });
    }
    Ok(programs)
}

/// Random addresses, one a line; the same each time.
fn write_addresses(path: &Path, count: u32) -> Result<()> {
    let mut random = fastrand::Rng::with_seed(u64::from(count));
    let mut file = BufWriter::new(File::create(path).context("cannot write the addresses")?);
    for _ in 0..count {
        writeln!(file, "{}", Ipv4Addr::from(random.u32(..)))?;
    }
    file.flush().context("cannot write the addresses")
}

fn convert(program: &Path, input: &Path, result: &Path) -> Result<()> {
    let (from, to) = (File::open(input)?, File::create(result)?);
    seconds(&mut command(&[program.to_owned()], from, to)).map(|_| ())
}

/// Whoever is fast and wrong is no peer.
fn same(context: &Context, program: &Program, input: &Path, result: &Path) -> Result<()> {
    let other = context.scratch("other.bits");
    let (from, to) = (File::open(input)?, File::create(&other)?);
    seconds(&mut command(&program.command, from, to))?;
    let same = fs::read(&other)? == fs::read(result)?;
    ensure!(same, "{} and {OURS} do not write the same", program.who);
    Ok(())
}

fn memory(context: &Context, ours: &Path, one: &Path, ten: &Path) -> Result<Group> {
    let mut turns = Turns::new("Memory held at most", Unit::Octets, context.choose(3, 9));
    let rows = [("ip-demo, 1 million", one), ("ip-demo, 10 million", ten)];
    let program = ours.to_string_lossy().into_owned();
    for (who, input) in rows {
        let program = program.clone();
        turns.ours(who, move || {
            process::peak(&[&program], Stdio::from(File::open(input)?))
        });
        turns.limit(who, 8.0 * 1024.0 * 1024.0);
    }
    turns.at_most(rows[1].0, 1.1, rows[0].0);
    turns.take()
}
