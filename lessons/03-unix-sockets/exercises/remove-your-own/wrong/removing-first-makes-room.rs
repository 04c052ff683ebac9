//! Remove the path first, then there is room for me.
//!
//! What stands there may be the socket of a server that is at work: without its file nobody finds it any
//! more, and it does not notice. `bind` never replaces a file, and that protects it. Hand the error of
//! `bind` on.

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
        let _ = fs::remove_file(path);
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
        // The socket is closed last: while it is open, its number cannot be given to another file.
        let result = match fs::symlink_metadata(&self.path) {
            Ok(meta) if (meta.dev(), meta.ino()) == self.id => fs::remove_file(&self.path),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        drop(self.listener);
        result
    }
}
