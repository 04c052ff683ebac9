//! When an attack begins to count, and when it ends.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Stands between whoever attacks and whoever watches.
///
/// A peer attacks in *rounds*: all its connections opened, all its octets sent. After a round it
/// asks whether there shall be another. The watcher waits for the first round, looks at the server
/// for as long as it likes, and ends the attack.
#[derive(Debug)]
pub struct Gate {
    state: Mutex<State>,
    bell: Condvar,
    end: Instant,
    most_rounds: u64,
}

#[derive(Debug, Default)]
struct State {
    ended: bool,
    rounds: u64,
}

impl Gate {
    /// The attack ends after so long at the latest, and after so many rounds.
    pub fn new(limit: Duration, most_rounds: u64) -> Self {
        Self {
            state: Mutex::default(),
            bell: Condvar::new(),
            end: Instant::now() + limit,
            most_rounds,
        }
    }

    /// A peer has done all it does once. Returns whether it shall do it again.
    pub fn round_done(&self) -> bool {
        let mut state = self.lock();
        state.rounds += 1;
        if state.rounds >= self.most_rounds {
            state.ended = true;
        }
        self.bell.notify_all();
        !state.ended && Instant::now() < self.end
    }

    /// A peer is in its place: what it does from now on counts, until the end.
    pub fn in_place(&self) {
        self.lock().rounds += 1;
        self.bell.notify_all();
    }

    /// A peer is in its place and stays there until the end.
    pub fn hold(&self) {
        self.in_place();
        while self.pause(Duration::from_secs(1)) {}
    }

    /// The pace of a slow peer: waits for `time`, or until the attack ends. Returns whether it goes on.
    pub fn pause(&self, time: Duration) -> bool {
        let until = (Instant::now() + time).min(self.end);
        let mut state = self.lock();
        while !state.ended {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return until < self.end;
            }
            state = self
                .bell
                .wait_timeout(state, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        false
    }

    /// Whether the attack goes on.
    pub fn is_open(&self) -> bool {
        !self.lock().ended && Instant::now() < self.end
    }

    /// Whether a round has been done.
    pub fn has_begun(&self) -> bool {
        self.lock().rounds > 0
    }

    /// Ends the attack.
    pub fn close(&self) {
        self.lock().ended = true;
        self.bell.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_counted_and_bounded() {
        let gate = Gate::new(Duration::from_secs(60), 2);
        assert!(!gate.has_begun());
        assert!(gate.round_done());
        assert!(gate.has_begun());
        assert!(!gate.round_done());
        assert!(!gate.is_open() && !gate.pause(Duration::from_secs(60)));
    }

    #[test]
    fn the_time_is_bounded_too() {
        let gate = Gate::new(Duration::ZERO, 100);
        assert!(!gate.round_done());
        gate.hold();
        assert!(!gate.is_open());
    }

    #[test]
    fn who_waits_hears_of_the_end() {
        let gate = Gate::new(Duration::from_secs(60), 100);
        std::thread::scope(|scope| {
            let holder = scope.spawn(|| gate.hold());
            while !gate.has_begun() {
                std::thread::yield_now();
            }
            gate.close();
            holder.join().unwrap();
        });
    }
}
