//! Working in parallel without taking the processor from each other.
//!
//! Compiling needs a core. So does a run, at its beginning; later it waits for its own deadline, and
//! needs none. So there are many more workers than cores, and a slot for each core.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// Workers for each core. Most of them wait: a mistake that hangs does so for 0.8 s.
const WORKERS_A_CORE: usize = 8;

fn cores() -> usize {
    thread::available_parallelism().map_or(2, NonZero::get)
}

/// Does `act` for each task, and returns the results in the order of the tasks.
pub fn each<T: Sync, R: Send>(tasks: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(number) else {
                return done;
            };
            done.push((number, act(task)));
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..tasks.len().min(WORKERS_A_CORE * cores()))
            .map(|_| scope.spawn(work))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Slots, one for each core.
pub struct Slots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A slot that is taken. Dropping it gives it back.
pub struct Slot<'a>(&'a Slots);

impl Slots {
    pub fn one_a_core() -> Self {
        Self {
            free: Mutex::new(cores()),
            freed: Condvar::new(),
        }
    }

    /// Waits for a free slot.
    pub fn take(&self) -> Slot<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .freed
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Slot(self)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_done_once_and_never_more_than_slots_at_a_time() {
        let slots = Slots::one_a_core();
        let (busy, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let tasks: Vec<usize> = (0..500).collect();
        let doubled = each(&tasks, |task| {
            let _slot = slots.take();
            let now = busy.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            thread::yield_now();
            busy.fetch_sub(1, Ordering::SeqCst);
            task * 2
        });
        assert_eq!(doubled, (0..1000).step_by(2).collect::<Vec<_>>());
        assert!(most.into_inner() <= cores());
    }
}
