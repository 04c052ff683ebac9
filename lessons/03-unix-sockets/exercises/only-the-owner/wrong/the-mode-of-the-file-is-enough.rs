//! The mode of the socket's file keeps the others out.
//!
//! Not everywhere: unix(7) warns that some systems ignore it. And it is set after `bind`, when the
//! socket listens already. A folder's mode is respected by all systems, so keep the others out of the
//! folder.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    fs::create_dir(folder)?;
    let path = folder.join("s.sock");
    let listener = UnixListener::bind(&path)?;
    fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(listener)
}
