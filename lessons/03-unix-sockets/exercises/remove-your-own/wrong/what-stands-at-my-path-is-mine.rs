//! What stands at my path is mine.
//!
//! A path is a name. Your file may have been removed, and the name given to another one: the socket of a
//! server that is alive, or a user's file. Note down the number and the device of your file when `bind`
//! has made it, and compare them before you remove anything.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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
