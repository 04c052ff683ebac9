//! The hand on a live run: steers it, and ends it at any time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Result, anyhow};

use super::{AS_LONG_AS_IT_TAKES, Guard, MOST_OUTPUT};
use crate::program::{Bell, kill_session};

/// Orders that may wait to be done.
const MOST_ORDERS: usize = 256;

/// How a run has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Every step came true.
    Played,
    /// Somebody stopped it.
    Stopped,
    /// This sentence says what went wrong.
    Failed(String),
}

/// What who watches wants of the terminals after taking over.
pub(super) enum Order {
    Type { terminal: usize, text: String },
    Start(usize),
}

/// What comes after a wait for the next step.
pub(super) enum Cue {
    Do,
    Taken,
}

/// Steers a run. None of its calls waits.
pub struct Remote {
    bell: Arc<Bell>,
    guard: Option<Arc<Guard>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stepping: bool,
    next: Next,
    taken: bool,
    end: Option<End>,
    orders: VecDeque<Order>,
    /// The process groups of this run.
    groups: Vec<u32>,
    /// Octets that the programs have written.
    output: usize,
}

/// The step that comes next, in step mode.
#[derive(Default, PartialEq, Eq)]
enum Next {
    /// An earlier one is not done.
    #[default]
    Later,
    /// It waits for who watches.
    Waits,
    /// It may be done.
    Called,
}

impl Remote {
    /// For a run that waits before each step if `stepping`. The guard kills its programs if this
    /// process is killed.
    pub fn new(stepping: bool, guard: Option<Arc<Guard>>) -> Arc<Self> {
        Arc::new(Self {
            bell: Arc::default(),
            guard,
            state: Mutex::new(State {
                stepping,
                ..State::default()
            }),
        })
    }

    /// Does the step that waits.
    pub fn next(&self) {
        {
            let mut state = self.state();
            if state.next == Next::Waits {
                state.next = Next::Called;
            }
        }
        self.bell.ring();
    }

    /// Waits before no further step.
    pub fn play(&self) {
        self.state().stepping = false;
        self.bell.ring();
    }

    /// Lets go of the scene's steps: from now on, who watches types.
    pub fn take_over(&self) {
        self.state().taken = true;
        self.bell.interrupt();
    }

    /// Types into a terminal that was taken over.
    pub fn type_text(&self, terminal: usize, text: String) {
        self.give(Order::Type { terminal, text });
    }

    /// Starts the command of a step in a terminal that was taken over, if nothing runs there.
    pub fn start(&self, step: usize) {
        self.give(Order::Start(step));
    }

    fn give(&self, order: Order) {
        {
            let mut state = self.state();
            if !state.taken || state.orders.len() >= MOST_ORDERS {
                return;
            }
            state.orders.push_back(order);
        }
        self.bell.ring();
    }

    /// Ends the run, now: all its programs are killed. The first reason counts.
    pub fn end(&self, reason: End) {
        {
            let mut state = self.state();
            state.end.get_or_insert(reason);
            // Under the lock: a group that is buried meanwhile could be another's.
            state.groups.iter().copied().for_each(kill_session);
        }
        self.bell.interrupt();
    }

    /// Why the run was ended, if it was.
    pub fn ended(&self) -> Option<End> {
        self.state().end.clone()
    }

    /// Whether the terminals were taken over.
    pub fn is_taken(&self) -> bool {
        self.state().taken
    }

    /// From now on the next step may be called for. Says whether it must be.
    pub(super) fn prepare(&self) -> bool {
        let mut state = self.state();
        state.next = Next::Waits;
        state.stepping
    }

    pub(crate) fn bell(&self) -> &Arc<Bell> {
        &self.bell
    }

    /// A process group of this run exists.
    pub(crate) fn born(&self, group: u32) {
        if let Some(guard) = &self.guard {
            guard.watch(group);
        }
        let mut state = self.state();
        state.groups.push(group);
        if state.end.is_some() {
            kill_session(group);
        }
    }

    /// It has been killed, and its ID will be free.
    pub(crate) fn buried(&self, group: u32) {
        self.state().groups.retain(|known| *known != group);
        if let Some(guard) = &self.guard {
            guard.forget(group);
        }
    }

    /// Counts what was written, and says whether anybody is to see it.
    pub(super) fn counts(&self, octets: usize) -> bool {
        let output = {
            let mut state = self.state();
            if state.end.is_some() {
                return false;
            }
            state.output += octets;
            state.output
        };
        let fits = output <= MOST_OUTPUT;
        if !fits {
            let most = MOST_OUTPUT / (1024 * 1024);
            self.end(End::Failed(format!(
                "the programs wrote more than {most} MiB: the run was ended"
            )));
        }
        fits
    }

    /// Waits until a step may be done.
    pub(super) fn cue(&self) -> Result<Cue> {
        let cue = self.bell.wait(AS_LONG_AS_IT_TAKES, || {
            let state = self.state();
            (state.next == Next::Called || !state.stepping).then_some(())
        });
        let mut state = self.state();
        state.next = Next::Later;
        if let Some(end) = &state.end {
            return Err(stopped(end));
        }
        Ok(if cue.is_none() || state.taken {
            Cue::Taken
        } else {
            Cue::Do
        })
    }

    /// Waits until there is an order.
    pub(super) fn order(&self) -> Result<Order> {
        loop {
            let order = || self.state().orders.pop_front();
            if let Some(order) = self.bell.wait(AS_LONG_AS_IT_TAKES, order) {
                return Ok(order);
            }
            // Interrupted by the end, or by one more take-over: the first may have come late, and readers
            // press twice.
            self.resume()?;
        }
    }

    /// Goes on after an interruption, unless it was for good.
    pub(super) fn resume(&self) -> Result<()> {
        let state = self.state();
        if let Some(end) = &state.end {
            return Err(stopped(end));
        }
        // Under the lock, so that an end that comes now is not forgotten.
        self.bell.resume();
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stopped(end: &End) -> anyhow::Error {
    match end {
        End::Played | End::Stopped => anyhow!("the run was stopped"),
        End::Failed(sentence) => anyhow!("{sentence}"),
    }
}
