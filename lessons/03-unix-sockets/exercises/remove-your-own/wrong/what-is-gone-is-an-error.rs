//! A file that is not there is an error.
//!
//! At the end nothing of yours is to stand at the path, and nothing does: all is well. `?` makes an error
//! of it. Handle `ErrorKind::NotFound` by itself, and return the other errors.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use kit::unix::UnixListener;

/// A server that listens at a path.
pub struct Server {
    listener: UnixListener,
    path: PathBuf,
    /// The file that `bind` has made: its device, and its number on it.
    id: (u64, u64),
}

impl Server {
    /// Listens at `path`.
    pub fn start(path: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        let meta = fs::symlink_metadata(path)?;
        Ok(Self {
            listener,
            path: path.to_owned(),
            id: (meta.dev(), meta.ino()),
        })
    }

    /// Closes the socket and removes its file, if this is still the file that stands at the path.
    pub fn end(self) -> io::Result<()> {
        let meta = fs::symlink_metadata(&self.path)?;
        if (meta.dev(), meta.ino()) == self.id {
            fs::remove_file(&self.path)?;
        }
        drop(self.listener);
        Ok(())
    }
}
