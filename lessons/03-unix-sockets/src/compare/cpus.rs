//! Where the two ends of a measurement run.

/// Which CPUs the two ends are held on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Both on the same CPU: a round trip is two switches between threads.
    Same(usize),
    /// Each on a CPU of its own: a round trip wakes the other CPU twice.
    Apart(usize, usize),
    /// Wherever the system puts them.
    Free,
}

impl Placement {
    /// The placements that this machine can do, the fixed ones first. Only Linux has a call for it.
    pub fn all() -> Vec<Self> {
        let cpus = allowed();
        match cpus[..] {
            [one, two, ..] => vec![Self::Same(one), Self::Apart(one, two)],
            [one] => vec![Self::Same(one)],
            [] => vec![Self::Free],
        }
    }

    pub(super) fn hold_near(self) {
        match self {
            Self::Same(cpu) | Self::Apart(cpu, _) => hold(cpu),
            Self::Free => {}
        }
    }

    pub(super) fn hold_far(self) {
        match self {
            Self::Same(cpu) | Self::Apart(_, cpu) => hold(cpu),
            Self::Free => {}
        }
    }
}

#[cfg(target_os = "linux")]
fn allowed() -> Vec<usize> {
    rustix::thread::sched_getaffinity(None).map_or_else(
        |_| Vec::new(),
        |set| {
            (0..rustix::thread::CpuSet::MAX_CPU)
                .filter(|&cpu| set.is_set(cpu))
                .collect()
        },
    )
}

#[cfg(target_os = "linux")]
fn hold(cpu: usize) {
    let mut set = rustix::thread::CpuSet::new();
    set.set(cpu);
    // If it fails, the figures vary more; the measurement is still one.
    let _ = rustix::thread::sched_setaffinity(None, &set);
}

#[cfg(not(target_os = "linux"))]
fn allowed() -> Vec<usize> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
fn hold(_cpu: usize) {}
