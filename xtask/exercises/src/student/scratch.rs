//! A folder to compile and run in, for one runner alone.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Error, Result, anyhow, bail};

/// So many runners may be at the same exercise at once.
const MOST: usize = 64;

/// A folder under `target/`, which nobody else uses as long as this lives.
#[derive(Debug)]
pub struct Scratch {
    /// The folder.
    pub folder: PathBuf,
    /// The system lets go of it when the program ends, however it ends.
    _lock: File,
}

/// What happened, and what to do about it.
fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Error {
    anyhow!(
        "cannot {what} {}: {error}. The course needs a folder that you may write to, on a disk with room",
        path.display()
    )
}

/// Takes a folder for an exercise: the first that no other runner has.
///
/// # Errors
/// When it cannot be made: a full disk, a read-only one.
pub fn take(root: &Path, name: &str) -> Result<Scratch> {
    let parent = root.join("target/exercises").join(name);
    fs::create_dir_all(&parent).map_err(|error| cannot("create", &parent, &error))?;
    for number in 0..MOST {
        let path = parent.join(format!("{number}.lock"));
        let lock = File::create(&path).map_err(|error| cannot("write", &path, &error))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => {}
            // Where there are no locks (some network drives) there is at least the folder.
            Ok(()) | Err(TryLockError::Error(_)) => {
                return Ok(Scratch {
                    folder: parent.join(number.to_string()),
                    _lock: lock,
                });
            }
        }
    }
    bail!("{MOST} runners are at `{name}` already: end some of them");
}
