//! What the system says about a running server (Linux, proc(5)).

use std::fs;
use std::time::Duration;

/// What a process holds at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vitals {
    /// Threads.
    pub threads: u64,
    /// Open descriptors.
    pub descriptors: u64,
    /// The most memory that it has had resident since it began, in KiB (`VmHWM`).
    pub peak_kib: u64,
    /// Processor time that it has used, user and system together.
    pub cpu: Duration,
}

impl Vitals {
    /// Of the process with this ID; `None` when it has ended, and on systems without `/proc`.
    pub fn of(pid: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let number = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The second field is the program's name in parentheses, and may contain anything.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut ticks = fields.split_whitespace().skip(11);
        let (user, system): (u64, u64) = (ticks.next()?.parse().ok()?, ticks.next()?.parse().ok()?);
        let a_second = rustix::param::clock_ticks_per_second().max(1);
        Some(Self {
            threads: number("Threads:")?,
            descriptors: fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count() as u64,
            peak_kib: number("VmHWM:")?,
            cpu: Duration::from_millis((user + system) * 1000 / a_second),
        })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_vitals() {
        let before = Vitals::of(std::process::id()).unwrap();
        assert!(before.threads >= 1 && before.descriptors >= 3 && before.peak_kib > 100);
        assert_eq!(Vitals::of(u32::MAX), None);
    }
}
