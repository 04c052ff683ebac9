//! Who cannot list a folder cannot reach what is in it.
//!
//! To reach a file whose name you know, you need the right to *pass through* the folder: the x of its
//! mode, the 1 in each digit of 0711. The right to list it is the r, the 4. Nobody must guess the name
//! `s.sock`. Take all three rights from the others: 0700.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use kit::unix::UnixListener;

/// Makes the folder with mode 0700, and a listening socket at `s.sock` in it.
pub fn listen_for_owner(folder: &Path) -> io::Result<UnixListener> {
    DirBuilder::new().mode(0o711).create(folder)?;
    UnixListener::bind(folder.join("s.sock"))
}
