//! The machine: what it is, and what else it does.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use measured::report::Machine;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// Describes the machine, as it stands beside every figure.
///
/// # Errors
/// When `uname` or `rustc` cannot be run.
pub fn describe() -> Result<Machine> {
    let uname = rustix::system::uname();
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    Ok(Machine {
        cpu: cpu().unwrap_or_else(|| text(uname.machine())),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        system: format!("{} {}", text(uname.sysname()), text(uname.release())),
        rustc: said(Command::new("rustc").arg("--version"))?,
    })
}

/// The model of the processor.
fn cpu() -> Option<String> {
    if cfg!(target_os = "macos") {
        return said(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"])).ok();
    }
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(": ")?.1.trim().to_owned())
}

/// Year, month and day, where the machine is.
///
/// # Errors
/// When `date` cannot be run.
pub fn today() -> Result<String> {
    said(Command::new("date").arg("+%Y-%m-%d"))
}

/// What a program says, without the end of the line.
///
/// # Errors
/// When it cannot be run, or fails.
pub fn said(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .output()
        .with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The CPUs that this program may use. Only Linux says it.
pub fn cpus() -> Vec<usize> {
    #[cfg(target_os = "linux")]
    if let Ok(set) = rustix::thread::sched_getaffinity(None) {
        return (0..rustix::thread::CpuSet::MAX_CPU)
            .filter(|&cpu| set.is_set(cpu))
            .collect();
    }
    Vec::new()
}

/// Holds this thread, and the programs that it starts, on one CPU, where the system can do it.
pub fn hold(cpu: usize) {
    #[cfg(target_os = "linux")]
    {
        let mut set = rustix::thread::CpuSet::new();
        set.set(cpu);
        // If it fails, the figures vary more; the measurement is still one.
        let _ = rustix::thread::sched_setaffinity(None, &set);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = cpu;
}

/// What the CPUs have done until a moment, in seconds of all of them together.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Work of everybody.
    busy: f64,
    /// Work and rest.
    all: f64,
    /// Work of this program, and of those that it has started and that have ended.
    own: f64,
}

impl Load {
    /// Until now. Only Linux says it.
    pub fn now() -> Option<Self> {
        // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal, in ticks.
        let text = fs::read_to_string("/proc/stat").ok()?;
        let second = f64::from(u32::try_from(rustix::param::clock_ticks_per_second()).ok()?);
        let (all, rest) = ticks(text.lines().next()?)?;
        let own = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN]
            .into_iter()
            .filter_map(|who| getrusage(who).ok())
            .flat_map(|usage| [usage.user_time(), usage.system_time()])
            .map(|time| seconds(time.num_microseconds()))
            .sum();
        Some(Self {
            busy: (all - rest) / second,
            all: all / second,
            own,
        })
    }

    /// The part of the machine's time that others have taken since: from 0 to 1. The work of the
    /// kernel for nobody in particular, such as writing to the disk, counts as theirs.
    pub fn others_until_now(self) -> Option<f64> {
        let now = Self::now()?;
        let others = (now.busy - self.busy) - (now.own - self.own);
        let part = others / (now.all - self.all);
        // Two digits say enough.
        part.is_finite()
            .then(|| (part.clamp(0.0, 1.0) * 100.0).round() / 100.0)
    }
}

/// All ticks of the first line of `/proc/stat`, and those of rest (idle, iowait) among them. Many CPUs
/// have more than 2^32 of them within days.
fn ticks(line: &str) -> Option<(f64, f64)> {
    let ticks: Vec<f64> = (line.split_whitespace().skip(1).take(8))
        .map(|word| word.parse().ok())
        .collect::<Option<_>>()?;
    Some((ticks.iter().sum(), ticks.get(3)? + ticks.get(4)?))
}

fn seconds(microseconds: i64) -> f64 {
    std::time::Duration::from_micros(u64::try_from(microseconds).unwrap_or(0)).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_has_a_name_and_a_day() {
        let machine = describe().unwrap();
        assert!(machine.cores > 0 && !machine.cpu.is_empty(), "{machine:?}");
        assert!(machine.rustc.starts_with("rustc "), "{machine:?}");
        assert_eq!(today().unwrap().len(), 10);
    }

    #[test]
    fn the_ticks_of_a_large_machine_are_read() {
        let line = "cpu  10 1 20 5000000000 7 2 3 4 90 80";
        assert_eq!(ticks(line), Some((5_000_000_047.0, 5_000_000_007.0)));
        assert_eq!(ticks("cpu  10 1 20"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_load_is_a_part_of_the_whole() {
        let load = Load::now().unwrap();
        assert!(load.own > 0.0 && load.busy <= load.all, "{load:?}");
    }
}
