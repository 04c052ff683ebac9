//! Remove your own file, and no other. The task is in `task.md`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

// The sockets of `std::os::unix::net`, with a logbook: each call becomes a step of the story that you
// are told when something goes wrong. Use them as you know them.
use kit::unix::UnixListener;

/// A server that listens at a path.
pub struct Server {
    listener: UnixListener,
    path: PathBuf,
}

impl Server {
    /// Listens at `path`.
    pub fn start(path: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        let path = path.to_owned();
        Ok(Self { listener, path })
    }

    /// Closes the socket and removes its file, if this is still the file that stands at the path.
    pub fn end(self) -> io::Result<()> {
        drop(self.listener);
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
