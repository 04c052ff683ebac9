//! Why a path could not be claimed, in sentences.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::AddressError;
use crate::text::reason;

/// Why a path could not be claimed.
#[derive(Debug)]
pub enum ClaimError {
    /// The path cannot be an address.
    Address(AddressError),
    /// Somebody is alive at this path.
    Live(PathBuf),
    /// This path names something else; it was left as it is.
    NotASocket(PathBuf, &'static str),
    /// The file where the lock should be belongs to somebody; it was left as it is.
    NotALock(PathBuf),
    /// A socket is there, and nobody could say whether it is in use; it was left as it is.
    Unclear(PathBuf, io::Error),
    /// The system said no.
    System {
        /// What was attempted ("bind to").
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl ClaimError {
    pub(super) fn system(doing: &'static str, path: &Path, error: io::Error) -> Self {
        Self::System {
            doing,
            path: path.into(),
            error,
        }
    }
}

impl fmt::Display for ClaimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(error) => error.fmt(f),
            Self::Live(path) => write!(
                f,
                "a server is alive at {}: use it, or stop it, or choose another path",
                path.display()
            ),
            Self::NotASocket(path, what) => write!(
                f,
                "{} is {what}, not a socket; it was left as it is: choose another path",
                path.display()
            ),
            Self::NotALock(path) => write!(
                f,
                "{} is no lock file (a lock file is regular and empty); it was left as it is: \
                 move it away, or choose another path",
                path.display()
            ),
            Self::Unclear(path, error) => write!(
                f,
                "cannot tell whether somebody is alive at {} ({}); it was left as it is: \
                 choose another path",
                path.display(),
                reason(error)
            ),
            Self::System { doing, path, error } => {
                write!(f, "cannot {doing} {}: {}", path.display(), reason(error))?;
                f.write_str(match error.kind() {
                    io::ErrorKind::NotFound => ": make the folder first",
                    io::ErrorKind::PermissionDenied => {
                        ": choose a folder that you may write to, and a name that is not another user's"
                    }
                    io::ErrorKind::AddrInUse => ": somebody took the name just now, try again",
                    _ => "",
                })
            }
        }
    }
}

impl std::error::Error for ClaimError {}
