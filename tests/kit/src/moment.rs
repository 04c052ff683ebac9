//! Moments in which something else happens: what a check does while the student's code is between
//! two calls.
//!
//! A gap between two calls is a fault even if nobody has ever fallen into it. A check does not wait for
//! luck: it acts in the gap, in the student's own thread, before the call returns to it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::Check;
use crate::story;

/// A moment in the student's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A socket has been bound to a path, and `bind` is about to say so. A listening socket of `std`
    /// listens already.
    Bound,
    /// `connect` to a path was refused, and is about to say so: nobody has the socket open.
    Refused,
}

type Act = Box<dyn FnOnce(&Path) + Send>;

/// What is to be done, by the number of the check.
static ACTS: Mutex<Vec<(u64, Moment, Act)>> = Mutex::new(Vec::new());

impl Check {
    /// Does something the first time that the student's code comes to this moment. The path is the one
    /// that the student's code gave to the call.
    pub fn at(&self, moment: Moment, act: impl FnOnce(&Path) + Send + 'static) {
        let check = story::check();
        let mut acts = ACTS.lock().unwrap_or_else(PoisonError::into_inner);
        acts.push((check, moment, Box::new(act)));
    }
}

/// The student's code, of the check of this number, comes to a moment.
pub(crate) fn comes(check: u64, moment: Moment, path: &Path) {
    let act = {
        let mut acts = ACTS.lock().unwrap_or_else(PoisonError::into_inner);
        let found = acts
            .iter()
            .position(|(of, when, _)| (*of, *when) == (check, moment));
        found.map(|index| acts.swap_remove(index).2)
    };
    // Not under the lock: the act may itself come to a moment.
    if let Some(act) = act {
        act(path);
    }
}
