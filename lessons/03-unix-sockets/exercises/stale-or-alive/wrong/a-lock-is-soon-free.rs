//! A lock that is held will soon be free.
//!
//! A server holds this one as long as it runs, perhaps for a year. `lock` waits until then, and nobody is told
//! why nothing happens. `try_lock` returns at once: if somebody else has the lock, a server is alive, and that
//! is `AddrInUse`.

use std::fs::{self, File};
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
    let lock = File::create(lock_path(path))?;
    lock.lock()?;
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
