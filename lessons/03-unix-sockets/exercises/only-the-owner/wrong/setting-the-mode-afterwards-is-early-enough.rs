//! The mode can be set when the socket is there.
//!
//! `UnixListener::bind` binds *and* listens. From then on callers can get in, and who is in stays in,
//! whatever you do to the mode. Close the door first: give the folder its mode when you make it, or at
//! least before `bind`.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    fs::create_dir(folder)?;
    let listener = UnixListener::bind(folder.join("s.sock"))?;
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    Ok(listener)
}
