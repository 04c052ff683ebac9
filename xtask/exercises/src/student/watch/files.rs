//! Noticing that the student has saved.
//!
//! Editors save in many ways: they write the file anew, write another one and rename it, empty the
//! file and fill it, save and let a formatter save again. So the folder is watched, a save is taken
//! for done when nothing has happened for a moment, and then the file itself tells whether it differs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::Happening;

/// A save is done when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(25);
/// A file that is missing or empty is given so long: its editor is in the middle of it.
const EMPTY: Duration = Duration::from_millis(300);
/// A program that writes all the time is not waited for any longer.
const LONGEST: Duration = Duration::from_secs(1);
/// A second save of the same text within this time is the same save.
const TWICE: Duration = Duration::from_secs(1);
/// How often the file is looked at where nothing is announced.
const POLL: Duration = Duration::from_millis(250);

/// Watches one file.
pub struct Files {
    file: PathBuf,
    /// The text that was last checked, and when that began.
    seen: Option<(Option<Vec<u8>>, Instant)>,
    _watcher: Box<dyn Watcher>,
}

impl Files {
    /// Begins to watch. What happens is sent to `to`.
    ///
    /// # Errors
    /// When the folder cannot be watched in either way.
    pub fn watch(file: &Path, poll: bool, to: &Sender<Happening>) -> Result<Self> {
        let folder = file.parent().context("an exercise has a folder")?;
        let announced = || {
            let mut watcher = RecommendedWatcher::new(announce(file, to), Config::default())?;
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
            notify::Result::Ok(Box::new(watcher) as Box<dyn Watcher>)
        };
        let polled = || {
            // Some drives tell times in whole seconds, or not at all: the text decides.
            let config = Config::default()
                .with_poll_interval(POLL)
                .with_compare_contents(true);
            let mut watcher = PollWatcher::new(announce(file, to), config)?;
            watcher.watch(folder, RecursiveMode::NonRecursive)?;
            notify::Result::Ok(Box::new(watcher) as Box<dyn Watcher>)
        };
        let watcher = if poll {
            polled()
        } else {
            announced().or_else(|error| {
                anstream::eprintln!(
                    "The system announces no saves ({error}); the file is looked at every {} ms.",
                    POLL.as_millis()
                );
                polled()
            })
        };
        Ok(Self {
            file: file.to_owned(),
            seen: None,
            _watcher: watcher.context("cannot watch the folder of the exercise")?,
        })
    }

    /// The file is about to be checked as it is now.
    pub fn look(&mut self) {
        self.seen = Some((self.read(), Instant::now()));
    }

    /// Something has happened to the file at `when`. Waits until it is over, and says whether there is
    /// something new to be checked. Other happenings that come meanwhile go to `others`.
    pub fn is_saved(
        &self,
        when: Instant,
        happenings: &Receiver<Happening>,
        others: &mut Vec<Happening>,
    ) -> bool {
        let begun = Instant::now();
        let mut last = when;
        let mut pause = QUIET;
        loop {
            match happenings.recv_timeout(pause) {
                Ok(Happening::File(again)) => {
                    last = again;
                    pause = QUIET;
                }
                Ok(other) => others.push(other),
                Err(_) => {
                    let empty = self.read().is_none_or(|text| text.is_empty());
                    if !empty || pause == EMPTY {
                        break;
                    }
                    pause = EMPTY;
                }
            }
            if begun.elapsed() > LONGEST {
                break;
            }
        }
        match &self.seen {
            Some((text, checked)) => {
                *text != self.read() || last.saturating_duration_since(*checked) > TWICE
            }
            None => true,
        }
    }

    fn read(&self) -> Option<Vec<u8>> {
        fs::read(&self.file).ok()
    }
}

/// Sends on what happens to the file. Who only reads it does nothing to it.
fn announce(
    file: &Path,
    to: &Sender<Happening>,
) -> impl FnMut(notify::Result<Event>) + Send + 'static {
    let (name, to) = (file.file_name().map(ToOwned::to_owned), to.clone());
    move |event| {
        let Ok(event) = event else {
            return;
        };
        let own = event
            .paths
            .iter()
            .any(|path| path.file_name() == name.as_deref());
        if (own || event.need_rescan()) && !matches!(event.kind, EventKind::Access(_)) {
            // Nobody listens any more when the watch ends.
            let _ = to.send(Happening::File(Instant::now()));
        }
    }
}
