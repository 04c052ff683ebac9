//! If a connection is refused, a socket without a server stands there.
//!
//! For a regular file, `connect` fails too, on Linux with the same error. Who then removes the path deletes
//! a user's file. And at the end you need not ask whether anybody is alive: ask whether the file is yours,
//! by its number and its device.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kit::unix::{UnixListener, UnixStream};

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
        // Who answers now is another server.
        if UnixStream::connect(&self.path).is_err() {
            let _ = fs::remove_file(&self.path);
        }
        Ok(())
    }
}
