//! Stale, or alive? The task is in `task.md`.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

// The sockets of `std::os::unix::net`, with a logbook: each call becomes a step of the story that you
// are told when something goes wrong. You will want `kit::unix::UnixStream` too.
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
    // This opens the lock's file. It does not lock it yet.
    let lock = File::create(lock_path(path))?;
    let _ = fs::remove_file(path);
    let listener = UnixListener::bind(path)?;
    Ok(Server { listener, lock })
}
