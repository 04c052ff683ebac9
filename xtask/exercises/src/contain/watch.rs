//! The watcher: it stands outside, and ends everything in time.

use std::fs;
use std::io::{self, Read as _};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::poll::{PollFd, PollFlags, PollTimeout};

use super::{HELPER, Over, Plan, VERDICT, Verdict, tree};

/// So often the watcher looks at memory and processes.
const LOOK: Duration = Duration::from_millis(20);

/// Runs the plan, and writes down how it ended. The exit code is the program's own, 1 when it has none.
pub fn watch(plan: &Plan) -> Result<ExitCode> {
    let verdict = match run(plan) {
        Ok(verdict) => verdict,
        Err(error) => Verdict {
            fault: Some(format!("{error:#}")),
            ..Verdict::default()
        },
    };
    fs::write(plan.own.join(VERDICT), serde_json::to_vec(&verdict)?)?;
    let code = match (verdict.code, verdict.over) {
        (Some(code), None) => u8::try_from(code).unwrap_or(1),
        _ => 1,
    };
    Ok(ExitCode::from(code))
}

fn run(plan: &Plan) -> Result<Verdict> {
    if plan.means.namespaces {
        #[cfg(target_os = "linux")]
        super::namespaces::leave()?;
    } else {
        tree::adopt();
    }
    // What the enclosure writes at the end, if it is still there then: how the program ended.
    let (mut said, say) = io::pipe()?;
    let mut command = Command::new(super::helper()?);
    command
        .args([HELPER, "enclose"])
        .arg(serde_json::to_string(plan)?)
        .stdin(say);
    let mut child = command.spawn().context("cannot start the enclosure")?;
    drop(command);
    let over = wait(plan, &mut child, &said);
    let killed = over.is_some();
    tree::end(&mut child);
    let status = child.wait()?;
    let mut text = String::new();
    said.read_to_string(&mut text)?;
    let mut verdict = match serde_json::from_str(&text) {
        Ok(verdict) => verdict,
        Err(_) if plan.means.namespaces && !killed => Verdict {
            fault: Some(format!("the enclosure has ended: {status}")),
            ..Verdict::default()
        },
        Err(_) => of(status),
    };
    verdict.over = match over {
        Some(Ended::Over(over)) => Some(over),
        _ => None,
    };
    Ok(verdict)
}

fn of(status: ExitStatus) -> Verdict {
    Verdict {
        code: status.code(),
        signal: status.signal(),
        ..Verdict::default()
    }
}

/// Why the watcher ends a program that has not ended by itself.
enum Ended {
    Over(Over),
    /// Nobody waits for it any more.
    Unwanted,
}

/// Waits for the end. `None` when it came by itself.
fn wait(plan: &Plan, child: &mut Child, said: &impl AsFd) -> Option<Ended> {
    let deadline = Instant::now() + plan.limits.time;
    let mut looked = Instant::now();
    let mut pause = 1_u8;
    let mut listen = true;
    let stdin = io::stdin();
    loop {
        if !matches!(child.try_wait(), Ok(None)) {
            return None;
        }
        if Instant::now() > deadline {
            return Some(Ended::Over(Over::Time));
        }
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            let seen = tree::look(child.id());
            if seen.processes > plan.limits.processes {
                return Some(Ended::Over(Over::Processes));
            }
            if seen.memory > plan.limits.memory {
                return Some(Ended::Over(Over::Memory));
            }
        }
        let mut wanted = [
            PollFd::new(stdin.as_fd(), PollFlags::POLLIN),
            PollFd::new(said.as_fd(), PollFlags::POLLIN),
        ];
        let count = if listen { 2 } else { 1 };
        let _ = nix::poll::poll(&mut wanted[..count], PollTimeout::from(pause));
        let happened = |of: &PollFd| of.any().unwrap_or(false);
        if happened(&wanted[0]) {
            return Some(Ended::Unwanted);
        }
        if happened(&wanted[1]) {
            // It has ended, or it has become the program and will not tell any more.
            listen = false;
            pause = 1;
        } else {
            pause = (pause * 2).min(20);
        }
    }
}

/// Standard input of what shall read nothing.
pub(super) fn nothing() -> Stdio {
    Stdio::null()
}
