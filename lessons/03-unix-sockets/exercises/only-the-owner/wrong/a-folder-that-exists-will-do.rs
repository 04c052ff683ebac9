//! If the folder is there already, so much the better.
//!
//! Somebody else may have made it, with a mode of their choice, and may hold it open or own it. What is
//! inside is not yours alone then. A folder is safe if your own call has made it: let it fail if
//! something is there. `recursive(true)` and `create_dir_all` hide that error.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    UnixListener::bind(folder.join("s.sock"))
}
