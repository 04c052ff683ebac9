//! If the lock's file is there, the lock is held.
//!
//! A file stays when its maker is killed, like the socket itself: from then on your server would never
//! start again. A lock on an open file is another thing. The kernel keeps it, and takes it back when the
//! process ends, however it ends. Open the file whether it is there or not, and call `try_lock`.

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
    let lock = File::create_new(lock_path(path)).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => ErrorKind::AddrInUse.into(),
        _ => error,
    })?;
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
