//! The enclosure: it takes away what the program does not need, and starts it.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::{Mode, umask};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

use super::{Plan, Verdict, watch};

/// So many threads and processes together may a program have in an enclosure of its own.
#[cfg(target_os = "linux")]
const TASKS: u64 = 512;

/// So many files and sockets may it hold open.
const OPEN: u64 = 1024;

/// Runs the plan's program. In namespaces this process stays, as process 1; otherwise it becomes the
/// program.
pub fn enclose(plan: &Plan) -> Result<ExitCode> {
    // The watcher's ear. The program must not get it: the copy is closed when a program starts.
    let mut tell = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut tell = |verdict: &Verdict| -> Result<()> {
        tell.write_all(&serde_json::to_vec(verdict)?)?;
        Ok(())
    };
    match start(plan) {
        Ok(verdict) => tell(&verdict)?,
        Err(error) => tell(&Verdict {
            fault: Some(format!("{error:#}")),
            ..Verdict::default()
        })?,
    }
    Ok(ExitCode::SUCCESS)
}

fn start(plan: &Plan) -> Result<Verdict> {
    // A session of its own: no terminal to write to, and none that sends it signals.
    nix::unistd::setsid().context("no session of its own")?;
    umask(Mode::from_bits_truncate(0o022));
    #[cfg(target_os = "linux")]
    {
        end_with_the_watcher()?;
        if plan.means.namespaces {
            super::namespaces::enclose(plan)?;
            end_with_the_watcher()?;
            limit(Resource::RLIMIT_NPROC, TASKS)?;
        }
        nix::sys::prctl::set_no_new_privs().context("no_new_privs")?;
        if plan.means.landlock {
            super::landlocked::restrict(plan)?;
        }
    }
    limit(Resource::RLIMIT_AS, plan.limits.addresses)?;
    limit(Resource::RLIMIT_FSIZE, plan.limits.file)?;
    limit(Resource::RLIMIT_CORE, 0)?;
    limit(Resource::RLIMIT_NOFILE, OPEN)?;
    let mut command = Command::new(&plan.program);
    command
        .args(&plan.arguments)
        .env_clear()
        .envs(plan.environment.iter().cloned())
        .current_dir(&plan.folder)
        .stdin(watch::nothing());
    if !plan.means.namespaces {
        return Err(command.exec()).context("cannot start the program");
    }
    let child = command
        .process_group(0)
        .spawn()
        .context("cannot start the program")?;
    wait(Pid::from_raw(child.id().cast_signed()))
}

/// Waits as process 1 does: for every orphan, too.
fn wait(program: Pid) -> Result<Verdict> {
    loop {
        match waitpid(None, None) {
            Ok(WaitStatus::Exited(ended, code)) if ended == program => {
                return Ok(Verdict {
                    code: Some(code),
                    ..Verdict::default()
                });
            }
            Ok(WaitStatus::Signaled(ended, signal, _)) if ended == program => {
                return Ok(Verdict {
                    signal: Some(signal as i32),
                    ..Verdict::default()
                });
            }
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error).context("cannot wait for the program"),
        }
    }
}

#[cfg(target_os = "linux")]
fn end_with_the_watcher() -> Result<()> {
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)
        .context("cannot end with the watcher")
}

fn limit(resource: Resource, most: u64) -> Result<()> {
    let most =
        nix::sys::resource::getrlimit(resource).map_or(most, |(_, allowed)| most.min(allowed));
    setrlimit(resource, most, most).with_context(|| format!("{resource:?}"))
}
