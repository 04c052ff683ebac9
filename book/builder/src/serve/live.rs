//! The runs of a server: what may be played, and how many at once.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use scenes::live::{End, Guard, Remote};
use scenes::needs;
use scenes::scene::Scene;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::message::{self, Wish};
use crate::command;
use crate::layout::Layout;

/// Programs that were killed are gone in less than this.
const KILLED: Duration = Duration::from_secs(5);

/// What runs may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Runs at once.
    pub runs: usize,
    /// Terminals of all runs, each with a program.
    pub programs: usize,
    /// From the moment when a run's programs are built.
    pub time: Duration,
    /// Until a page says what it wants.
    pub first_message: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            runs: 4,
            programs: 16,
            time: Duration::from_secs(600),
            first_message: Duration::from_secs(10),
        }
    }
}

/// Where the scenes' programs come from.
#[derive(Debug, Clone)]
pub enum Programs {
    /// Cargo builds them when they are wanted.
    Build,
    /// They are here.
    In(PathBuf),
}

/// The runs of a server.
pub struct Live {
    layout: Layout,
    pub(super) programs: Programs,
    pub(super) limits: Limits,
    guard: Option<Arc<Guard>>,
    runs: Mutex<Runs>,
    /// Told when a run is gone, or a page was told of its end.
    gone: Notify,
    /// Held while cargo builds.
    pub(super) building: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Runs {
    running: Vec<(Arc<Remote>, usize)>,
    /// Pages that are told how their run ended, or will be.
    told: usize,
    closed: bool,
}

impl Runs {
    fn is_idle(&self) -> bool {
        self.running.is_empty() && self.told == 0
    }
}

impl Live {
    /// For the scenes of a course.
    pub fn new(layout: &Layout, programs: Programs, limits: Limits) -> Self {
        Self {
            layout: layout.clone(),
            programs,
            limits,
            // Without a shell there is none; no scene could be played either.
            guard: Guard::start().ok().map(Arc::new),
            runs: Mutex::default(),
            gone: Notify::new(),
            building: Arc::default(),
        }
    }

    /// Ends all runs, admits no more, and waits until their programs are gone and their pages know it.
    pub(super) async fn stop(&self) {
        {
            let mut runs = self.runs();
            runs.closed = true;
            for (remote, _) in &runs.running {
                remote.end(End::Stopped);
            }
        }
        let all_gone = async {
            loop {
                let gone = self.gone.notified();
                if self.runs().is_idle() {
                    return;
                }
                gone.await;
            }
        };
        let _ = timeout(KILLED, all_gone).await;
    }

    /// The scene that the page wants, with its values, and whether they are its own.
    pub(super) fn scene(&self, wish: &Wish) -> Result<(Scene, bool), String> {
        if cfg!(not(unix)) {
            return Err(
                "Scenes are played on Linux and macOS only. On Windows, read the book in WSL."
                    .to_owned(),
            );
        }
        let word = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let unknown = || "There is no such scene.".to_owned();
        let (lesson, name) = wish.scene.split_once('/').ok_or_else(unknown)?;
        let file = self
            .layout
            .tests()
            .join("scenes")
            .join(lesson)
            .join(format!("{name}.scene"));
        if !word(lesson) || !word(name) || !file.is_file() {
            return Err(unknown());
        }
        let sentence = |error: anyhow::Error| message::sentence(&format!("{error:#}"));
        let scene = Scene::read(&file).map_err(sentence)?;
        let scene = scene.with_values(&wish.values).map_err(sentence)?;
        match needs::missing(&scene.0) {
            Some(need) => Err(format!("This scene needs what this machine lacks: {need}.")),
            None => Ok(scene),
        }
    }

    /// The lessons' programs, to say how a reader starts them; without the lessons, none.
    pub(super) fn lessons(&self) -> command::Programs {
        command::Programs::of_lessons(&self.layout.lessons()).unwrap_or_default()
    }

    /// A place for a run, if there is one.
    pub(super) fn admit(
        self: &Arc<Self>,
        scene: &Scene,
        stepping: bool,
    ) -> Result<Arc<Place>, String> {
        let programs = scene.terminals().len();
        let mut runs = self.runs();
        let running: usize = runs.running.iter().map(|(_, programs)| programs).sum();
        if runs.closed {
            return Err("The server is ending.".to_owned());
        }
        if runs.running.len() >= self.limits.runs {
            return Err(format!(
                "{} scenes are running already: stop one of them, or close its page.",
                self.limits.runs
            ));
        }
        if running + programs > self.limits.programs {
            return Err(format!(
                "This scene needs {programs} terminals, and {running} of {} are taken: stop another scene.",
                self.limits.programs
            ));
        }
        let remote = Remote::new(stepping, self.guard.clone());
        runs.running.push((Arc::clone(&remote), programs));
        Ok(Arc::new(Place {
            live: Arc::clone(self),
            remote,
        }))
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a page from the beginning of its run until it was told the end: its place is free before.
pub(super) struct Told(Arc<Live>);

impl Told {
    pub(super) fn of(live: &Arc<Live>) -> Self {
        live.runs().told += 1;
        Self(Arc::clone(live))
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.0.runs().told -= 1;
        self.0.gone.notify_waiters();
    }
}

/// Counts a run until it is over and all its programs are gone.
pub(super) struct Place {
    pub(super) live: Arc<Live>,
    pub(super) remote: Arc<Remote>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let is_other = |(remote, _): &(Arc<Remote>, usize)| !Arc::ptr_eq(remote, &self.remote);
        self.live.runs().running.retain(is_other);
        self.live.gone.notify_waiters();
    }
}
