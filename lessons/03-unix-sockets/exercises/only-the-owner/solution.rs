//! Only the owner may call.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    // The folder has its mode from the first moment on, and nobody is in it yet.
    DirBuilder::new().mode(0o700).create(folder)?;
    UnixListener::bind(folder.join("s.sock"))
}
