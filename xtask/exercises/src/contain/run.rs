//! A compiler's run and an answer's run, with their limits.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{Limits, Means, Over, Plan, Verdict};
use crate::ended::{self, Bounds, Ended};

const MIB: u64 = 1024 * 1024;

/// For rustc. An answer compiles in a third of a second.
const COMPILER: Limits = Limits {
    time: Duration::from_secs(10),
    memory: 1024 * MIB,
    addresses: 4096 * MIB,
    processes: 20,
    file: 128 * MIB,
};

/// For an answer. Its check ends by itself after 4 seconds.
const ANSWER: Limits = Limits {
    time: Duration::from_secs(8),
    memory: 512 * MIB,
    addresses: 4096 * MIB,
    processes: 20,
    file: 16 * MIB,
};

/// So many octets may rustc print.
const SAID: u64 = 4 * MIB;

/// So many octets may an answer print, and so many of them are kept.
const PRINTED: u64 = 16 * MIB;
const PRINTED_KEPT: u64 = 16 * 1024;

/// rustc itself, behind all that stands for it.
#[derive(Debug, Clone)]
pub struct Compiler {
    program: PathBuf,
    /// Its folder, with the standard library.
    sysroot: PathBuf,
}

impl Compiler {
    /// Asks the `rustc` that Cargo uses in `root` where it is.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(root: &Path) -> Result<Self> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .args(["--print", "sysroot"])
            .current_dir(root)
            .stdin(Stdio::null())
            .output()
            .context("cannot start rustc")?;
        let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        let program = sysroot
            .join("bin")
            .join(format!("rustc{}", std::env::consts::EXE_SUFFIX));
        if !program.is_file() {
            bail!("there is no rustc at {}", program.display());
        }
        Ok(Self { program, sysroot })
    }
}

/// Where and how something runs.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// A folder for this alone.
    pub own: &'a Path,
    /// How it is shut in.
    pub means: Means,
    /// Set when nobody wants the result any more.
    pub stop: Option<&'a AtomicBool>,
}

/// Something ready to run.
pub struct Ready<'a> {
    /// What runs, and what it gets to see.
    pub plan: Plan,
    /// What ends it.
    pub bounds: Bounds<'a>,
}

/// Something that has run.
#[derive(Debug)]
pub struct Ran {
    /// What it printed, and how long it took.
    pub ended: Ended,
    /// How it ended.
    pub verdict: Verdict,
}

/// rustc, with the arguments of the command `rustc`, which may read `places` and its job's folder.
///
/// # Errors
/// When it cannot be started.
pub fn compile(compiler: &Compiler, rustc: &Command, places: &[PathBuf], job: &Job) -> Result<Ran> {
    let mut arguments = vec![
        "--sysroot".to_owned(),
        text(&compiler.sysroot)?,
        // An answer needs no `unsafe`, and `unsafe` could do anything.
        "-Funsafe_code".to_owned(),
    ];
    for argument in rustc.get_args() {
        arguments.push(text(Path::new(argument))?);
    }
    let mut read = vec![compiler.sysroot.clone()];
    read.extend(places.iter().cloned());
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/bin:/bin".into());
    let mut environment = vec![
        ("PATH".to_owned(), path),
        ("TMPDIR".to_owned(), text(job.own)?),
    ];
    kept_on_windows(&mut environment);
    let plan = Plan {
        program: compiler.program.clone(),
        arguments,
        environment,
        means: job.means,
        limits: COMPILER,
        own: job.own.to_owned(),
        folder: job.own.to_owned(),
        read,
        write: vec![job.own.to_owned()],
        tools: true,
    };
    let bounds = bounds(&plan, job, SAID, SAID);
    Ready { plan, bounds }.run()
}

/// A compiled check with an answer in it, which writes its report into the file `report`.
///
/// # Errors
/// When a path is not UTF-8.
pub fn program<'a>(program: &Path, report: &Path, job: &Job<'a>) -> Result<Ready<'a>> {
    let temporary = if job.means.namespaces {
        PathBuf::from("/tmp")
    } else {
        job.own.join("t")
    };
    let folder = job.own.join("run");
    for folder in [&temporary, &folder] {
        std::fs::create_dir_all(folder).context("cannot make a folder")?;
    }
    let mut environment = vec![
        (kit::REPORT.to_owned(), text(report)?),
        ("TMPDIR".to_owned(), text(&temporary)?),
        // Addresses are limited, and glibc would set some aside for each thread.
        ("MALLOC_ARENA_MAX".to_owned(), "2".to_owned()),
    ];
    kept_on_windows(&mut environment);
    let mut write = vec![report.to_owned()];
    if !job.means.namespaces {
        write.push(temporary);
    }
    let plan = Plan {
        program: program.to_owned(),
        arguments: Vec::new(),
        environment,
        means: job.means,
        limits: ANSWER,
        own: job.own.to_owned(),
        folder,
        read: Vec::new(),
        write,
        tools: false,
    };
    let bounds = bounds(&plan, job, PRINTED_KEPT, PRINTED);
    Ok(Ready { plan, bounds })
}

fn bounds<'a>(plan: &Plan, job: &Job<'a>, kept: u64, printed: u64) -> Bounds<'a> {
    Bounds {
        // The watcher keeps the time. This is for a watcher that was killed or stopped.
        time: plan.limits.time + Duration::from_secs(if cfg!(unix) { 3 } else { 0 }),
        kept,
        printed: Some(printed),
        stop: job.stop,
        watcher: cfg!(unix),
    }
}

/// Windows programs do not start without these.
fn kept_on_windows(environment: &mut Vec<(String, String)>) {
    for name in ["SystemRoot", "TEMP", "TMP", "LIB", "INCLUDE"] {
        if let (true, Ok(value)) = (cfg!(windows), std::env::var(name)) {
            environment.push((name.to_owned(), value));
        }
    }
}

fn text(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.with_context(|| format!("{} is not UTF-8", path.display()))
}

impl Ready<'_> {
    /// The command for it.
    ///
    /// # Errors
    /// When this program's own file is gone.
    pub fn command(&self) -> Result<Command> {
        super::prepare(&self.plan.own)?;
        if cfg!(unix) {
            return super::command(&self.plan);
        }
        let mut command = Command::new(&self.plan.program);
        command
            .args(&self.plan.arguments)
            .env_clear()
            .envs(self.plan.environment.iter().cloned())
            .current_dir(&self.plan.folder);
        Ok(command)
    }

    /// How it ended.
    pub fn verdict(&self, ended: &Ended) -> Verdict {
        let told = super::verdict(&self.plan);
        told.unwrap_or_else(|| Verdict {
            code: ended.status.and_then(|status| status.code()),
            over: ended.status.is_none().then_some(Over::Time),
            ..Verdict::default()
        })
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run(&self) -> Result<Ran> {
        let ended = ended::run(&mut self.command()?, self.bounds)?;
        let verdict = self.verdict(&ended);
        Ok(Ran { ended, verdict })
    }
}

impl Ran {
    /// It ended by itself, with exit code 0.
    pub fn success(&self) -> bool {
        self.verdict.code == Some(0) && self.verdict.over.is_none()
    }

    /// What went wrong with it.
    pub fn words(&self) -> String {
        let Verdict {
            code,
            signal,
            over,
            fault,
        } = &self.verdict;
        if let Some(fault) = fault {
            return fault.clone();
        }
        let errors: String = self.ended.errors.chars().take(400).collect();
        format!("exit code {code:?}, signal {signal:?}, limit {over:?} {errors}")
    }
}
