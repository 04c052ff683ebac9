//! If a connection is refused, a socket without a server stands there.
//!
//! For a regular file, Linux gives the same error, and then you remove a user's file. Look at the type
//! first: `fs::symlink_metadata(path)?.file_type().is_socket()`. Only a socket can be stale.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use kit::unix::{UnixListener, UnixStream};

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
    match UnixStream::connect(path) {
        Ok(_) => return Err(ErrorKind::AddrInUse.into()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(_) => fs::remove_file(path)?,
    }
    let listener = UnixListener::bind(path)?;
    Ok(Server { listener, lock })
}
