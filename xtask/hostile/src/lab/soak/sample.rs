//! What a server holds, every few seconds, and whether it grows.

use std::fs;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::gate::Gate;

/// The time between two samples, at least.
const INTERVAL: Duration = Duration::from_secs(2);

/// So many samples of one server are taken, at most.
const MOST: u32 = 360;

/// Memory may differ by so much between two quarters of a soak, in KiB …
const SLACK_KIB: u64 = 1024;

/// … and by so many percent: allocators keep what they were given, and threads come and go.
const SLACK_PERCENT: u64 = 10;

/// What a process holds at a moment (Linux, proc(5)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Seconds since the beginning.
    pub second: u64,
    /// Resident memory, in KiB.
    pub rss_kib: u64,
    /// Its share of it: pages that several processes have are divided among them.
    pub pss_kib: u64,
    /// Threads.
    pub threads: u64,
    /// Open descriptors.
    pub descriptors: u64,
}

impl Sample {
    /// Of the process with this ID; `None` when it has ended, and on systems without `/proc`.
    pub fn of(pid: u32) -> Option<Self> {
        let number = |file: &str, name: &str| -> Option<u64> {
            let text = fs::read_to_string(format!("/proc/{pid}/{file}")).ok()?;
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Self {
            second: 0,
            rss_kib: number("status", "VmRSS:")?,
            pss_kib: number("smaps_rollup", "Pss:")?,
            threads: number("status", "Threads:")?,
            descriptors: fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count() as u64,
        })
    }

    /// Whether nothing has been left behind.
    pub fn holds_no_more_than(self, before: Self) -> bool {
        self.threads <= before.threads && self.descriptors <= before.descriptors
    }
}

/// Samples in order.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Series(Vec<Sample>);

impl Series {
    /// Watches a process until the end.
    pub fn take(pid: u32, length: Duration, end: &Gate) -> Self {
        let interval = (length / MOST).max(INTERVAL.min(length / 8));
        let begun = Instant::now();
        let mut samples = Vec::new();
        while end.pause(interval) {
            samples.extend(Sample::of(pid).map(|sample| Sample {
                second: begun.elapsed().as_secs(),
                ..sample
            }));
        }
        Self(samples)
    }

    /// The samples.
    pub fn samples(&self) -> &[Sample] {
        &self.0
    }

    /// The memory of two quarters; `None` where the system does not tell. In the first quarter a server
    /// may still become as large as it needs to be.
    pub fn growth(&self) -> Option<Growth> {
        let quarter = self.0.len() / 4;
        if quarter == 0 {
            return None;
        }
        let median = |samples: &[Sample]| {
            let mut memory: Vec<u64> = samples.iter().map(|sample| sample.pss_kib).collect();
            memory.sort_unstable();
            memory.get(memory.len() / 2).copied().unwrap_or_default()
        };
        Some(Growth {
            second_quarter_kib: median(&self.0[quarter..2 * quarter]),
            last_quarter_kib: median(&self.0[self.0.len() - quarter..]),
        })
    }
}

/// The medians of two quarters.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Growth {
    /// Of the second quarter.
    pub second_quarter_kib: u64,
    /// Of the last quarter.
    pub last_quarter_kib: u64,
}

impl Growth {
    /// So much the last quarter may hold.
    pub fn bound_kib(self) -> u64 {
        self.second_quarter_kib * (100 + SLACK_PERCENT) / 100 + SLACK_KIB
    }

    /// What is wrong, if the memory grows.
    pub fn fault(self) -> Option<String> {
        let bound = self.bound_kib();
        (self.last_quarter_kib > bound).then(|| {
            format!(
                "memory grows: {} KiB in the second quarter, {} in the last; {bound} are the bound",
                self.second_quarter_kib, self.last_quarter_kib
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(memory: impl IntoIterator<Item = u64>) -> Series {
        let sample = |pss_kib| Sample {
            second: 0,
            rss_kib: pss_kib,
            pss_kib,
            threads: 1,
            descriptors: 3,
        };
        Series(memory.into_iter().map(sample).collect())
    }

    #[test]
    fn what_grows_until_the_end_is_found() {
        // 64 octets a request, 50 requests a second, an hour.
        let leaks = series((0..360).map(|n| 4000 + n * 10 * 50 * 64 / 1024));
        assert!(leaks.growth().unwrap().fault().is_some());
    }

    #[test]
    fn a_beginning_and_single_peaks_are_no_growth() {
        let flat = series((0..360).map(|n| match n {
            0..80 => 1000 + n * 30,
            _ if n % 7 == 0 => 9000,
            _ => 3400 + n % 5,
        }));
        assert_eq!(flat.growth().unwrap().fault(), None);
        assert_eq!(series([1, 2, 3]).growth(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_samples() {
        let now = Sample::of(std::process::id()).unwrap();
        assert!(now.rss_kib > 100 && now.pss_kib > 100 && now.threads >= 1);
        assert_eq!(Sample::of(u32::MAX), None);
        let end = Gate::new(Duration::from_millis(200), u64::MAX);
        let series = Series::take(std::process::id(), Duration::from_millis(200), &end);
        assert!(!series.samples().is_empty());
    }
}
