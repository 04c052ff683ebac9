//! How a waiting step learns that there is something new to look at.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::lock;

/// Something has happened in one of the terminals: the bell that every waiting step listens to.
#[derive(Default)]
pub struct Bell {
    /// Whether nobody is to wait any longer.
    interrupted: Mutex<bool>,
    wake: Condvar,
}

impl Bell {
    /// Wakes everybody who waits, to look again.
    pub fn ring(&self) {
        // Held while ringing, so that nobody who has just looked misses it.
        let _held = lock(&self.interrupted);
        self.wake.notify_all();
    }

    /// Ends every wait, also those to come, until [`Bell::resume`].
    pub fn interrupt(&self) {
        *lock(&self.interrupted) = true;
        self.wake.notify_all();
    }

    /// Lets everybody wait again.
    pub fn resume(&self) {
        *lock(&self.interrupted) = false;
    }

    /// Waits until `ready` returns something, and looks again whenever the bell rings. Returns
    /// `None` at the deadline, or when it is interrupted.
    pub fn wait<T>(&self, limit: Duration, mut ready: impl FnMut() -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut guard = lock(&self.interrupted);
        loop {
            if let Some(seen) = ready() {
                return Some(seen);
            }
            if *guard {
                return None;
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            guard = self
                .wake
                .wait_timeout(guard, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}
