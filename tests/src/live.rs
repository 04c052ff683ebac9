//! Playing a scene live: somebody watches while the programs run, decides when the next step is done,
//! and may take over the terminals.
//!
//! The [`Remote`] is in the hands of who watches: it steers the run and ends it. What happens is told
//! as [`Event`]s to a function that may wait; while it does, the program that writes waits, too. So
//! nothing piles up, however much a program writes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};

mod build;
mod guard;
mod remote;

pub use build::build;
pub use guard::Guard;
use remote::{Cue, Order};
pub use remote::{End, Remote};

use crate::player::{LIMIT, Stage};
use crate::scene::{Action, Scene, Step};

/// What a run may write, in octets, over all terminals.
pub const MOST_OUTPUT: usize = 8 * 1024 * 1024;
/// Octets that were typed into a terminal and are not yet taken: more are thrown away, as terminals do.
const MOST_UNTAKEN: usize = 64 * 1024;
/// Who watches may think for as long as the run may last; [`Remote::end`] ends that.
const AS_LONG_AS_IT_TAKES: Duration = Duration::from_secs(24 * 3600);

/// Something that happens in a run. Terminals are counted from 0 in the order of
/// [`Scene::terminals`], steps from 0 in that of [`Scene::steps`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Before the first step: each port that the scene speaks of, and the one that this run uses.
    Ports(Vec<(u16, u16)>),
    /// This step will be done when [`Remote::next`] is called.
    Waiting(usize),
    /// This step begins.
    Step(usize),
    /// This step came true.
    Done(usize),
    /// A program was started, as this command.
    Started {
        /// Its terminal.
        terminal: usize,
        /// The command with this run's ports and values.
        command: String,
    },
    /// A program wrote this.
    Output {
        /// Its terminal.
        terminal: usize,
        /// As the pseudo-terminal gave it.
        octets: Vec<u8>,
    },
    /// A program has ended.
    Ended {
        /// Its terminal.
        terminal: usize,
        /// As a shell gives it: 128 + n for signal n.
        code: i32,
    },
    /// Who watches has taken over.
    Taken,
}

/// Hears what happens.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// Where the one sits who watches a terminal.
#[derive(Clone)]
pub struct Seat {
    pub(crate) remote: Arc<Remote>,
    pub(crate) tell: Tell,
    pub(crate) terminal: usize,
}

impl Seat {
    /// A program was started; its process group has its own process ID.
    pub(crate) fn started(&self, command: &str, group: u32) {
        self.remote.born(group);
        self.tell(Event::Started {
            terminal: self.terminal,
            command: command.to_owned(),
        });
    }

    pub(crate) fn output(&self, octets: &[u8]) {
        if self.remote.counts(octets.len()) {
            self.tell(Event::Output {
                terminal: self.terminal,
                octets: octets.to_vec(),
            });
        }
    }

    pub(crate) fn ended(&self, code: i32) {
        self.tell(Event::Ended {
            terminal: self.terminal,
            code,
        });
    }

    /// The group is gone; its ID may be another's from now on.
    pub(crate) fn buried(&self, group: u32) {
        self.remote.buried(group);
    }

    fn tell(&self, event: Event) {
        (self.tell)(event);
    }
}

/// Plays the scene with the programs in `bin`, until it is over or [`Remote::end`] is called. All its
/// programs are gone when this returns.
///
/// With a slot that has another value than the scene's own, only the commands are started: what the
/// other steps wait for belongs to the scene's own values.
pub fn play(scene: &Scene, own_values: bool, bin: &Path, remote: &Arc<Remote>, tell: &Tell) -> End {
    // Nobody sees what crosses the wire of a live run.
    let scene = Scene {
        wire: crate::wire::Plan::default(),
        ..scene.clone()
    };
    let run = Run {
        remote,
        tell,
        scene: &scene,
    };
    let outcome = Stage::set(
        &scene,
        bin,
        LIMIT,
        Some((Arc::clone(remote), Arc::clone(tell))),
    )
    .context("the scene cannot be set")
    .and_then(|mut stage| {
        let ports = stage.ports();
        if !ports.is_empty() {
            run.tell(Event::Ports(ports));
        }
        if own_values {
            run.whole(&mut stage)
        } else {
            run.commands(&mut stage)
        }
    });
    match outcome {
        Ok(()) => End::Played,
        Err(error) => remote
            .ended()
            .unwrap_or_else(|| End::Failed(format!("{error:#}"))),
    }
}

/// A run as who watches it steers it.
struct Run<'a> {
    remote: &'a Remote,
    tell: &'a Tell,
    scene: &'a Scene,
}

impl<'a> Run<'a> {
    /// Every step, as in a test.
    fn whole(&self, stage: &mut Stage<'a>) -> Result<()> {
        for (number, step) in self.scene.steps.iter().enumerate() {
            if !self.cue(number)? {
                return self.taken(stage);
            }
            if let Err(error) = stage.step(step) {
                return self.interrupted(stage, error);
            }
            self.tell(Event::Done(number));
        }
        stage
            .await_all()
            .or_else(|error| self.interrupted(stage, error))
    }

    /// The commands alone, each when the one before it in its terminal has ended.
    fn commands(&self, stage: &mut Stage<'a>) -> Result<()> {
        for (number, step) in self.scene.steps.iter().enumerate() {
            let Action::Start(command) = &step.action else {
                continue;
            };
            if !self.idle(stage, Some(&step.terminal)) || !self.cue(number)? {
                return self.taken(stage);
            }
            if let Some(name) = stage.unknown(command) {
                bail!(
                    "this command needs the value `{name}`, which only the scene's own run shows"
                );
            }
            stage.launch(&step.terminal, command)?;
            self.tell(Event::Done(number));
        }
        if self.idle(stage, None) {
            Ok(())
        } else {
            self.taken(stage)
        }
    }

    /// Waits until nothing runs in the terminal (or in any): false if that was interrupted.
    fn idle(&self, stage: &Stage<'a>, terminal: Option<&str>) -> bool {
        let idle = || stage.is_idle(terminal).then_some(());
        self.remote.bell().wait(AS_LONG_AS_IT_TAKES, idle).is_some()
    }

    /// Waits, in step mode, until the step may be done: false if the terminals were taken over instead.
    fn cue(&self, number: usize) -> Result<bool> {
        if self.remote.prepare() {
            self.tell(Event::Waiting(number));
        }
        match self.remote.cue()? {
            Cue::Do => {
                self.tell(Event::Step(number));
                Ok(true)
            }
            Cue::Taken => Ok(false),
        }
    }

    /// A step did not come true: because somebody took over, or by itself.
    fn interrupted(&self, stage: &mut Stage<'a>, error: anyhow::Error) -> Result<()> {
        if self.remote.is_taken() {
            self.taken(stage)
        } else {
            Err(error)
        }
    }

    /// Does what who watches orders, until the run is ended.
    fn taken(&self, stage: &mut Stage<'a>) -> Result<()> {
        // Interrupted for good, unless it was for this.
        self.remote.resume()?;
        self.tell(Event::Taken);
        let terminals = self.scene.terminals();
        loop {
            match self.remote.order()? {
                Order::Type { terminal, text } => {
                    if let Some(program) =
                        terminals.get(terminal).and_then(|name| stage.program(name))
                        && program.ended().is_none()
                        && program.untaken() < MOST_UNTAKEN
                    {
                        // A program that has ended meanwhile hears nothing more.
                        let _ = program.type_octets(text.as_bytes());
                    }
                }
                Order::Start(number) => {
                    if let Some(Step {
                        terminal,
                        action: Action::Start(command),
                        ..
                    }) = self.scene.steps.get(number)
                        && stage.is_over(terminal)
                        && self.idle(stage, Some(terminal))
                    {
                        self.start(stage, number, terminal, command)?;
                    }
                }
            }
        }
    }

    fn start(
        &self,
        stage: &mut Stage<'a>,
        number: usize,
        terminal: &'a str,
        command: &str,
    ) -> Result<()> {
        if let Some(name) = stage.unknown(command) {
            let mut terminals = self.scene.terminals().into_iter();
            let terminal = terminals.position(|known| known == terminal).unwrap_or(0);
            let text =
                format!("This command needs the value {name}, which no step has shown yet.\r\n");
            let octets = text.into_bytes();
            self.tell(Event::Output { terminal, octets });
            return Ok(());
        }
        self.tell(Event::Step(number));
        stage.forget(terminal);
        stage.launch(terminal, command)?;
        self.tell(Event::Done(number));
        Ok(())
    }

    fn tell(&self, event: Event) {
        (self.tell)(event);
    }
}
