//! What is typed into a terminal.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use anyhow::{Result, bail};

use super::{Bell, lock};

/// The keys that were pressed, until the terminal takes them.
///
/// A terminal takes nothing more while its program does not read and its buffer is full. A thread of
/// its own waits for that, so that nobody else has to. It ends with the terminal.
pub(super) struct Keyboard {
    keys: Sender<Vec<u8>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    untaken: AtomicUsize,
    broken: Mutex<Option<String>>,
}

impl Keyboard {
    pub(super) fn new(mut terminal: Box<dyn Write + Send>, bell: &Arc<Bell>) -> Self {
        let (keys, pressed) = channel::<Vec<u8>>();
        let shared = Arc::new(Shared::default());
        let (state, bell) = (Arc::clone(&shared), Arc::clone(bell));
        std::thread::spawn(move || {
            for octets in pressed {
                let typed = terminal.write_all(&octets).and_then(|()| terminal.flush());
                if let Err(error) = typed {
                    *lock(&state.broken) = Some(error.to_string());
                }
                state.untaken.fetch_sub(octets.len(), Ordering::AcqRel);
                bell.ring();
            }
        });
        Self { keys, shared }
    }

    /// Does not wait.
    pub(super) fn press(&self, octets: &[u8]) -> Result<()> {
        self.check()?;
        self.shared
            .untaken
            .fetch_add(octets.len(), Ordering::AcqRel);
        if self.keys.send(octets.to_vec()).is_err() {
            bail!("cannot type: the terminal is gone");
        }
        Ok(())
    }

    /// Whether the terminal has taken, so far, what it was given.
    pub(super) fn check(&self) -> Result<()> {
        match &*lock(&self.shared.broken) {
            Some(error) => bail!("cannot type: {error}"),
            None => Ok(()),
        }
    }

    pub(super) fn untaken(&self) -> usize {
        self.shared.untaken.load(Ordering::Acquire)
    }
}
