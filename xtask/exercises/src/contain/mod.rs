//! Running what a stranger wrote: with limits, and shut in as far as the system allows.
//!
//! Two helpers stand between the grader and the stranger's program, both this same binary:
//!
//! ```text
//! the grader ── the watcher ── the enclosure ── the program
//! ```
//!
//! The *watcher* looks at time, memory and processes, and ends everything when a limit is passed, or
//! when the grader is gone. The *enclosure* takes away what the program does not need, and is then
//! process 1 of a world of its own: whatever the program starts, in whatever session or group, ends
//! with it. They are processes and not threads because a namespace is left for good, and because the
//! safe calls for it work on a process with a single thread.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

#[cfg(unix)]
mod enclose;
#[cfg(target_os = "linux")]
mod landlocked;
#[cfg(target_os = "linux")]
mod namespaces;
mod probe;
pub mod run;
#[cfg(unix)]
mod tree;
#[cfg(unix)]
mod watch;

pub use probe::{Found, Means, probe};
pub use run::Compiler;

/// The first argument that makes this binary a helper.
const HELPER: &str = "contained";

/// The file in which the watcher tells how the program ended.
const VERDICT: &str = "verdict.json";

/// What the program may use.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Limits {
    /// So long may it run.
    pub time: Duration,
    /// So many octets of memory may all its processes hold, together.
    pub memory: u64,
    /// So many octets of addresses may one process have.
    pub addresses: u64,
    /// So many processes may there be.
    pub processes: usize,
    /// So many octets may one file have.
    pub file: u64,
}

/// What is to be run, and what it gets to see.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Its whole environment.
    pub environment: Vec<(String, String)>,
    /// How it is shut in.
    pub means: Means,
    /// Its limits.
    pub limits: Limits,
    /// A folder of the grader for this run alone. The watcher's files are in it.
    pub own: PathBuf,
    /// Where the program starts. In an enclosure without the machine's files it is empty, and in
    /// memory, unless it is among `write`.
    pub folder: PathBuf,
    /// What it may read, besides the system's libraries.
    pub read: Vec<PathBuf>,
    /// What it may write. Nothing else that it writes is kept.
    pub write: Vec<PathBuf>,
    /// It is a compiler: it gets the system's programs to see, and keeps its user.
    pub tools: bool,
}

/// How a program ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Its exit code, if it ended by itself.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The limit that it passed.
    pub over: Option<Over>,
    /// It could not be started: not its own fault.
    pub fault: Option<String>,
}

/// The limit that a program passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Over {
    /// It did not end in time.
    Time,
    /// All its processes together held too much memory.
    Memory,
    /// It started too many processes.
    Processes,
}

/// The command that runs a plan. Its standard input must be a pipe: the watcher ends everything when
/// the other end is closed.
///
/// # Errors
/// When a path is not UTF-8, or this program's own file is gone.
pub fn command(plan: &Plan) -> Result<Command> {
    let helper = helper()?;
    let mut command = Command::new(helper);
    command
        .args([HELPER, "watch"])
        .arg(serde_json::to_string(plan).context("a path is not UTF-8")?)
        .env_clear();
    Ok(command)
}

/// How the program of a plan ended, once its command has.
pub fn verdict(plan: &Plan) -> Option<Verdict> {
    let text = crate::play::read_plain(&plan.own.join(VERDICT));
    serde_json::from_slice(&text).ok()
}

/// This program's own file.
fn helper() -> Result<PathBuf> {
    if cfg!(target_os = "linux") {
        // Even when Cargo has built the program anew meanwhile.
        return Ok("/proc/self/exe".into());
    }
    std::env::current_exe().context("this program's own file cannot be found")
}

/// Does a helper's work, if this process was started as one. `main` calls it first: a helper must have
/// no other thread yet.
pub fn helper_main() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != HELPER) {
        return None;
    }
    let role = arguments.next().unwrap_or_default();
    let plan = arguments.next().unwrap_or_default();
    Some(match work(&role, &plan) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    })
}

#[cfg(unix)]
fn work(role: &OsStr, plan: &OsStr) -> Result<ExitCode> {
    let plan: Plan = serde_json::from_str(&plan.to_string_lossy())
        .context("this command is for the grader's own use")?;
    if role == "watch" {
        watch::watch(&plan)
    } else {
        enclose::enclose(&plan)
    }
}

#[cfg(not(unix))]
fn work(_: &OsStr, _: &OsStr) -> Result<ExitCode> {
    anyhow::bail!("this system has no means to shut a program in")
}

/// The folder that a new root is laid over.
#[cfg(target_os = "linux")]
fn new_root(plan: &Plan) -> PathBuf {
    plan.own.join("root")
}

/// Makes the folders that a plan needs.
///
/// # Errors
/// When they cannot be made.
pub fn prepare(own: &Path) -> Result<()> {
    std::fs::create_dir_all(own.join("root"))
        .with_context(|| format!("cannot create {}", own.display()))
}

/// Makes this process the one that orphans are left to, where the system can: what has lost its
/// watcher can then be found.
pub fn adopt_strays() {
    #[cfg(unix)]
    tree::adopt();
}

/// Ends every descendant of this process. Nothing that is still wanted may run.
pub fn end_strays() {
    #[cfg(target_os = "linux")]
    tree::end_all();
}
