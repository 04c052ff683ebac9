//! Only the owner may call. The task is in `task.md`.

use std::fs;
use std::io;
use std::path::Path;

// The sockets of `std::os::unix::net`, with a logbook: each call becomes a step of the story that you
// are told when something goes wrong. Use them as you know them.
use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    fs::create_dir(folder)?;
    UnixListener::bind(folder.join("s.sock"))
}
