//! The lock's file that somebody has left must go first.
//!
//! A lock is on a *file*, not on its name. If you remove the file and make a new one, a server that is alive
//! still holds its lock on the old one, and you hold yours on the new one: both succeed. Open the file that is
//! there. That it is there means nothing.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileTypeExt as _;
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
    let _ = fs::remove_file(lock_path(path));
    let lock = File::create(lock_path(path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(ErrorKind::AddrInUse.into()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
        Ok(meta) if !meta.file_type().is_socket() => return Err(ErrorKind::AlreadyExists.into()),
        Ok(_) => match UnixStream::connect(path) {
            Ok(_) => return Err(ErrorKind::AddrInUse.into()),
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path)?,
            Err(error) => return Err(error),
        },
    }
    let listener = UnixListener::bind(path)?;
    Ok(Server { listener, lock })
}
