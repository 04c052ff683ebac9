//! Programs that run once: how long they take, and how much memory they hold.

use std::io::Write as _;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

/// The hidden command that measures memory.
pub const PEAK: &str = "peak-of";

/// No program that is measured runs longer.
pub const LIMIT: Duration = Duration::from_secs(600);

/// Between two looks at a program's memory. What it holds for a shorter time may be missed.
const LOOK: Duration = Duration::from_millis(1);

/// Runs a program to its end, and gives the seconds from its start to its end. What it prints goes
/// where the caller has said.
///
/// # Errors
/// When it cannot be started, fails, or runs longer than [`LIMIT`].
pub fn seconds(command: &mut Command) -> Result<f64> {
    let (took, status) = seconds_whatever(command)?;
    if !status.success() {
        bail!("{} has failed: {status}", name(command));
    }
    Ok(took)
}

/// As [`seconds`], for a program that may say what it likes at its end.
///
/// # Errors
/// When it cannot be started, or runs longer than [`LIMIT`].
pub fn seconds_whatever(command: &mut Command) -> Result<(f64, ExitStatus)> {
    let begun = Instant::now();
    let child = start(command)?;
    end(child, begun).with_context(|| name(command))
}

/// Waits for the end of a program that was started at `begun`.
///
/// # Errors
/// When it runs longer than [`LIMIT`].
pub fn end(mut child: Child, begun: Instant) -> Result<(f64, ExitStatus)> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.context("a program has a number")?;
    let (ended, waiting) = mpsc::channel::<()>();
    let (took, cut_off) = thread::scope(|scope| {
        let watch = scope.spawn(move || {
            let late = waiting.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout);
            late && kill_process(pid, Signal::KILL).is_ok()
        });
        // Its end is awaited first, and what is left of it taken away when nobody may kill it any
        // more: until then its number belongs to no other.
        let result = waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
        );
        let took = begun.elapsed();
        drop(ended);
        (result.map(|_| took), watch.join().unwrap_or(true))
    });
    let status = child.wait().context("cannot wait for a program")?;
    if cut_off {
        bail!("it took longer than {} seconds", LIMIT.as_secs());
    }
    Ok((
        took.context("cannot wait for a program")?.as_secs_f64(),
        status,
    ))
}

/// Starts a program.
///
/// # Errors
/// When it cannot be started.
pub fn start(command: &mut Command) -> Result<Child> {
    let child = command.spawn();
    child.with_context(|| format!("cannot start {}", name(command)))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// A program whose output nobody wants.
pub fn quiet(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The most memory that a program held, in octets. It runs in a small program of its own, because
/// the system only says the most of all that one has started.
///
/// # Errors
/// When it cannot be run.
pub fn peak(command: &[&str], stdin: Stdio) -> Result<f64> {
    let own = std::env::current_exe().context("cannot find this program")?;
    let output = Command::new(own)
        .arg(PEAK)
        .args(command)
        .stdin(stdin)
        .stdout(Stdio::null())
        .output()
        .context("cannot start this program again")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    last.parse()
        .with_context(|| format!("the memory of {} is not known: {said}", command.join(" ")))
}

/// The other side of [`peak`].
pub fn peak_main(command: &[String]) -> ExitCode {
    match watched(command) {
        Ok(Some(octets)) => {
            let _ = writeln!(std::io::stderr(), "{octets:.0}");
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

/// The most memory that the program has held; nothing if it has failed.
///
/// Linux is asked while the program runs. What it says after the end (getrusage(2)) counts the program
/// that started this one as well, because until exec(2) both share their memory: whatever holds less than
/// the bench would seem to hold as much.
fn watched(command: &[String]) -> Result<Option<f64>> {
    let (program, rest) = command.split_first().context("no program is given")?;
    let mut child = start(Command::new(program).args(rest))?;
    let mut seen = None;
    let status = loop {
        seen = crate::server::peak(child.id()).or(seen);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(LOOK);
    };
    if seen.is_none() {
        // getrusage(2): kilobytes on Linux, octets on macOS.
        let most = getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss();
        let unit = if cfg!(target_os = "macos") { 1024 } else { 1 };
        seen = Some(f64::from(u32::try_from(most / unit)?) * 1024.0);
    }
    Ok(seen.filter(|_| status.success()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_has_no_time() {
        assert!(seconds(&mut quiet("true")).unwrap() > 0.0);
        let error = seconds(&mut quiet("false")).unwrap_err().to_string();
        assert!(error.contains("false has failed"), "{error}");
        let error = seconds(&mut quiet("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("cannot start"), "{error}");
    }
}
