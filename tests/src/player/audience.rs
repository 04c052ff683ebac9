//! What a live run asks of its stage.

use std::sync::Arc;

use super::Stage;
use crate::live::Seat;
use crate::program::Program;

impl Stage<'_> {
    /// The place in front of a terminal.
    pub(super) fn seat(&self, terminal: &str) -> Option<Seat> {
        let (remote, tell) = self.audience.as_ref()?;
        let mut terminals = self.scene.terminals().into_iter();
        Some(Seat {
            remote: Arc::clone(remote),
            tell: Arc::clone(tell),
            terminal: terminals.position(|name| name == terminal)?,
        })
    }

    /// The program that runs, or ran last, in a terminal.
    pub(crate) fn program(&self, terminal: &str) -> Option<&Program> {
        self.run(terminal).ok().map(|run| &run.program)
    }

    /// Whether the program of a terminal has ended, even if the audience has not heard of it yet.
    pub(crate) fn is_over(&self, terminal: &str) -> bool {
        self.program(terminal).is_none_or(Program::is_over)
    }

    /// Whether nothing runs in a terminal, or in any, and the audience knows.
    pub(crate) fn is_idle(&self, terminal: Option<&str>) -> bool {
        self.runs
            .iter()
            .filter(|run| terminal.is_none_or(|name| run.terminal == name))
            .all(|run| run.program.ended().is_some())
    }

    /// Forgets the programs of a terminal. Each holds its pseudo-terminal open, and who has taken over may
    /// start as many as there is time for.
    pub(crate) fn forget(&mut self, terminal: &str) {
        self.runs.retain(|run| run.terminal != terminal);
    }

    /// The first value in a command that no step has captured so far.
    pub(crate) fn unknown<'b>(&self, command: &'b str) -> Option<&'b str> {
        self.scene
            .used(command)
            .find(|name| self.values.iter().all(|(known, _)| known != name))
    }
}
