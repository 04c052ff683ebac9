//! A process and all that have come from it.

use std::process::Child;

/// What was seen of a process and its descendants.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many they are.
    pub processes: usize,
    /// So many octets of memory they hold.
    pub memory: u64,
}

#[cfg(target_os = "linux")]
mod linux {
    use super::{Child, Seen};
    use std::fs;

    use nix::errno::Errno;
    use nix::sys::signal::{Signal, kill};
    use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
    use nix::unistd::Pid;

    /// Orphans among the descendants become this process's children, so that it can still find them.
    pub fn adopt() {
        let _ = nix::sys::prctl::set_child_subreaper(true);
    }

    /// Looks at a process and its descendants.
    pub fn look(process: u32) -> Seen {
        let page = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE);
        let page = page
            .ok()
            .flatten()
            .and_then(|size| u64::try_from(size).ok());
        let page = page.unwrap_or(4096);
        let mut seen = Seen::default();
        for process in descendants(process) {
            seen.processes += 1;
            let text = fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
            let pages: Vec<u64> = text.split(' ').filter_map(|n| n.parse().ok()).collect();
            // What is in memory, less what is only mapped from files (proc(5)).
            if let [_, resident, shared, ..] = pages[..] {
                seen.memory += resident.saturating_sub(shared) * page;
            }
        }
        seen
    }

    /// A process and all that have come from it, itself first.
    fn descendants(process: u32) -> Vec<u32> {
        let mut all = vec![process];
        let mut next = 0;
        while let Some(process) = all.get(next) {
            // Each thread has its own children.
            let threads = fs::read_dir(format!("/proc/{process}/task"));
            for thread in threads.into_iter().flatten().flatten() {
                let children = fs::read_to_string(thread.path().join("children"));
                let children = children.unwrap_or_default();
                all.extend(children.split(' ').filter_map(|n| n.parse::<u32>().ok()));
            }
            next += 1;
        }
        all
    }

    /// Ends a child of this process, and every other descendant.
    pub fn end(child: &mut Child) {
        let _ = child.kill();
        let _ = child.wait();
        end_all();
    }

    /// Ends every descendant of this process: what a child had started is left to it.
    pub fn end_all() {
        // They may go on starting more: again, until nothing is left. Only `waitpid` knows when that is: a list of
        // children may leave some out when another one ends meanwhile (proc_tid_children(5)).
        for _ in 0..1000 {
            for process in &descendants(std::process::id())[1..] {
                if let Ok(process) = i32::try_from(*process) {
                    let _ = kill(Pid::from_raw(process), Signal::SIGKILL);
                }
            }
            loop {
                match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                    Err(Errno::ECHILD) => return,
                    Ok(WaitStatus::StillAlive) | Err(_) => break,
                    Ok(_) => {}
                }
            }
            // Who is killed needs the processor once more, to end.
            std::thread::yield_now();
        }
    }
}

#[cfg(target_os = "linux")]
pub use linux::{adopt, end, end_all, look};

/// This system cannot do it.
#[cfg(not(target_os = "linux"))]
pub fn adopt() {}

/// This system does not tell.
#[cfg(not(target_os = "linux"))]
pub fn look(_: u32) -> Seen {
    Seen::default()
}

/// Ends a child and its process group.
#[cfg(not(target_os = "linux"))]
pub fn end(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(group) = group {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
}
