//! If the socket file is there, the server is running.
//!
//! A killed server leaves its file. From then on your server would never start again, although nobody uses
//! the path. Connect: if the error is `ConnectionRefused`, nobody has the socket open, and it may be
//! removed.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use kit::unix::UnixListener;

/// A server that listens at a path, and holds the lock of this path.
pub struct Server {
    pub listener: UnixListener,
    pub lock: File,
}

/// The file that the lock is on: `s.sock.lock` beside `s.sock`.
pub fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

/// Listens at `path`. A stale socket there is replaced, and nothing else.
pub fn listen(path: &Path) -> io::Result<Server> {
    let lock = File::create(lock_path(path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(ErrorKind::AddrInUse.into()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(ErrorKind::AddrInUse.into());
    }
    let listener = UnixListener::bind(path)?;
    Ok(Server { listener, lock })
}
