//! How far the student is: `.exercises/progress.json` in the root of the course.
//!
//! The file is written whole under another name and then renamed, so that it is whole at any moment.
//! Whoever changes it holds a lock, reads what stands there, and changes that: two runners lose
//! nothing of each other. A damaged file is set aside; the answers themselves tell again what is
//! passed.
//!
//! A passed exercise stays passed when its file is changed afterwards; `list` notes it. Only `reset`
//! takes it back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::reset::moment;

/// A runner holds the lock for about a millisecond.
const PATIENCE: Duration = Duration::from_secs(3);

/// How far the student is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The exercise that was last worked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// What is known of each exercise.
    #[serde(default)]
    pub exercises: BTreeMap<String, Entry>,
    /// Exercises that must be checked to know whether they are passed: the file was damaged.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unchecked: BTreeSet<String>,
}

/// What is known of an exercise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The fingerprint of the answer that passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<String>,
    /// How often it was checked.
    #[serde(default)]
    pub tries: u64,
    /// How many hints were shown.
    #[serde(default)]
    pub hints: usize,
}

impl Progress {
    /// Is the exercise passed?
    pub fn passed(&self, name: &str) -> bool {
        (self.exercises.get(name)).is_some_and(|entry| entry.passed.is_some())
    }

    /// What is known of an exercise, to be changed.
    pub fn entry(&mut self, name: &str) -> &mut Entry {
        self.exercises.entry(name.to_owned()).or_default()
    }
}

/// The folder where the progress is kept.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The one of a course.
    pub fn new(root: &Path) -> Self {
        Self {
            folder: root.join(".exercises"),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn file(&self) -> PathBuf {
        self.folder.join("progress.json")
    }

    /// The progress. What cannot be read is taken for none: see [`set_aside`](Self::set_aside).
    pub fn read(&self) -> Progress {
        self.parsed().ok().flatten().unwrap_or_default()
    }

    /// The progress: `Ok(None)` when there is none yet.
    fn parsed(&self) -> Result<Option<Progress>, Unreadable> {
        match fs::read(self.file()) {
            Ok(octets) => serde_json::from_slice(&octets)
                .map(Some)
                .map_err(|_| Unreadable::Damaged),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
                ErrorKind::IsADirectory => Err(Unreadable::Damaged),
                _ => Err(Unreadable::Refused(error)),
            },
        }
    }

    /// Changes the progress, with all that other runners have written meanwhile.
    ///
    /// # Errors
    /// When the file cannot be written; it is as it was.
    pub fn update(&self, change: impl FnOnce(&mut Progress)) -> Result<Progress> {
        let _lock = self.lock()?;
        let mut progress = match self.parsed() {
            Ok(progress) => progress.unwrap_or_default(),
            Err(Unreadable::Damaged) => {
                bail!(
                    "{} was damaged meanwhile: run the command again",
                    self.file().display()
                )
            }
            Err(Unreadable::Refused(error)) => {
                return Err(error)
                    .with_context(|| format!("cannot read {}", self.file().display()));
            }
        };
        let before = progress.clone();
        change(&mut progress);
        if progress != before {
            self.write(&progress)?;
        }
        Ok(progress)
    }

    /// Sets a damaged file aside, and begins a new one in which these exercises are to be checked.
    /// `None` when the file is whole.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn set_aside(
        &self,
        unchecked: impl FnOnce() -> BTreeSet<String>,
    ) -> Result<Option<PathBuf>> {
        if !matches!(self.parsed(), Err(Unreadable::Damaged)) {
            return Ok(None);
        }
        let _lock = self.lock()?;
        // Another runner may have done it while this one waited.
        if !matches!(self.parsed(), Err(Unreadable::Damaged)) {
            return Ok(None);
        }
        let (file, aside) = (self.file(), self.free_name("damaged-progress", "json")?);
        let set_aside = || {
            let new = self.temporary(&Progress {
                unchecked: unchecked(),
                ..Progress::default()
            })?;
            if file.is_dir() {
                fs::remove_file(&aside)?;
                fs::rename(&file, &aside)?;
            } else {
                fs::copy(&file, &aside)?;
            }
            // Until here the damaged file stands, and the next runner begins again.
            fs::rename(&new, &file)?;
            anyhow::Ok(())
        };
        if let Err(error) = set_aside() {
            // A copy that is not whole; or nothing, where the file itself has been moved there.
            if file.exists() {
                let _ = fs::remove_file(&aside);
            }
            return Err(error);
        }
        Ok(Some(aside))
    }

    /// A file of a new name, taken by making it: `octet-to-bits-2026-11-23-144413.rs`, with a number
    /// behind it if there is one of this second already.
    ///
    /// # Errors
    /// When no file can be made.
    pub fn free_name(&self, what: &str, ending: &str) -> Result<PathBuf> {
        let folder = self.folder.join("kept");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let now = moment();
        for number in 1..10_000 {
            let again = if number == 1 {
                String::new()
            } else {
                format!("-{number}")
            };
            let path = folder.join(format!("{what}-{now}{again}.{ending}"));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => return Ok(path),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot write {}", path.display()));
                }
            }
        }
        bail!("{} has too many files: move some away", folder.display());
    }

    fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot create {}", self.folder.display()))?;
        let path = self.folder.join("lock");
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                // Where there are no locks (some network drives), the file is still whole.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(file),
                Err(TryLockError::WouldBlock) if begun.elapsed() > PATIENCE => {
                    bail!("another runner holds {}: end it", path.display());
                }
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    fn write(&self, progress: &Progress) -> Result<()> {
        let new = self.temporary(progress)?;
        let file = self.file();
        fs::rename(&new, &file).with_context(|| format!("cannot write {}", file.display()))
    }

    /// The progress in a file beside. Only who holds the lock writes it.
    fn temporary(&self, progress: &Progress) -> Result<PathBuf> {
        let path = self.folder.join("progress.new");
        let mut text = serde_json::to_string_pretty(progress)?;
        text.push('\n');
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        let written = write();
        if written.is_err() {
            let _ = fs::remove_file(&path);
        }
        written.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

/// Why there is no progress to be read.
enum Unreadable {
    Damaged,
    Refused(std::io::Error),
}
