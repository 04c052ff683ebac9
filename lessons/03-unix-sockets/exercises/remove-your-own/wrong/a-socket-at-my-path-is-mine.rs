//! A socket at my path is my socket.
//!
//! It may be the socket of another server, which came when your file had been removed. The type does not
//! tell one socket from the next. The number of the file and its device do: note them down when `bind`
//! has made the file.

use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt as _;
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
        if let Ok(meta) = fs::symlink_metadata(&self.path)
            && meta.file_type().is_socket()
        {
            fs::remove_file(&self.path)?;
        }
        Ok(())
    }
}
