//! Ctrl-C, heard: what was begun is taken away before this program ends.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};

use crate::gate::Gate;

/// Knows whether somebody has pressed Ctrl-C, or has asked this program to end (`SIGTERM`).
///
/// To end at once would leave behind the servers, which hear nothing of a `SIGTERM`, and their folders.
/// There is another reason to listen: a shell starts what it puts into the background with Ctrl-C ignored,
/// and that is inherited; then no server would hear it. With a handler here, the servers begin with the
/// system's own.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    pressed: bool,
    /// Closed when it is.
    gate: Option<Arc<Gate>>,
}

impl Stop {
    /// Listens from now on. A program can do so once.
    ///
    /// # Errors
    /// The system does not let it.
    pub fn hear() -> Result<Self> {
        let stop = Self::default();
        let pressed = stop.clone();
        ctrlc::set_handler(move || pressed.press()).context("cannot hear Ctrl-C")?;
        Ok(stop)
    }

    /// Closes this gate, too, when Ctrl-C is pressed.
    pub fn closes(&self, gate: &Arc<Gate>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.gate = Some(Arc::clone(gate));
        if state.pressed {
            gate.close();
        }
    }

    fn press(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.pressed = true;
        if let Some(gate) = &state.gate {
            gate.close();
        }
    }

    /// Whether it was pressed.
    pub fn was_pressed(&self) -> bool {
        (self.0.lock().unwrap_or_else(PoisonError::into_inner)).pressed
    }

    /// Goes on, or not.
    ///
    /// # Errors
    /// It was pressed.
    pub fn check(&self) -> Result<()> {
        if self.was_pressed() {
            bail!("broken off: nothing is recorded");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn who_presses_closes_the_gate_whichever_comes_first() {
        let gate = || Arc::new(Gate::new(Duration::from_secs(60), u64::MAX));
        let (early, late) = (gate(), gate());
        let stop = Stop::default();
        stop.closes(&early);
        assert!(early.is_open() && stop.check().is_ok());
        stop.press();
        stop.closes(&late);
        assert!(!early.is_open() && !late.is_open() && stop.check().is_err());
    }
}
