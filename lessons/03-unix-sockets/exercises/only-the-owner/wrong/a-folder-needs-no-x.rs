//! To read and to write is all that an owner needs.
//!
//! For a file it is: 0600. In the mode of a folder, the x is the right to *pass through* it, to what is in it.
//! Without it, the owner cannot reach `s.sock` either (root can, and so may not notice). A folder of your own
//! has mode 0700.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    DirBuilder::new().mode(0o600).create(folder)?;
    UnixListener::bind(folder.join("s.sock"))
}
