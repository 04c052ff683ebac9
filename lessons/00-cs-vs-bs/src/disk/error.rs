//! Why the disk said no, in words for the person who asked.

use crate::name::{FileName, NameError};
use crate::terminal::plain;
use std::io;

/// Why the disk could not do as asked.
#[derive(Debug)]
pub enum DiskError {
    /// The name was refused.
    Name(NameError),
    /// There is no such file.
    Missing(FileName),
    /// The name belongs to a folder, a symbolic link or a device.
    NotAFile(FileName),
    /// No room, in the disk's capacity or in the file system under it.
    Full,
    /// The account of the server may not do that.
    Denied,
    /// The operating system said no.
    Io(io::Error),
}

impl std::fmt::Display for DiskError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DiskError::Name(error) => error.fmt(out),
            DiskError::Missing(name) => write!(out, "there is no file '{name}' on this disk"),
            DiskError::NotAFile(name) => {
                write!(
                    out,
                    "'{name}' is not a regular file, so it is not part of this disk"
                )
            }
            DiskError::Full => {
                out.write_str("the disk is full: nothing was changed; remove a file and try again")
            }
            DiskError::Denied => {
                out.write_str("the server has no permission to do that in its folder")
            }
            DiskError::Io(error) => write!(out, "the server's disk failed: {}", plain(error)),
        }
    }
}

impl std::error::Error for DiskError {}

impl From<NameError> for DiskError {
    fn from(error: NameError) -> Self {
        DiskError::Name(error)
    }
}

impl From<io::Error> for DiskError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // ENOSPC, EDQUOT, EFBIG: three ways of the system to say that it has no room.
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => DiskError::Full,
            // ENAMETOOLONG (a file system with a shorter limit than ours) and EINVAL.
            io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput => {
                DiskError::Name(NameError::System)
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                DiskError::Denied
            }
            _ => DiskError::Io(error),
        }
    }
}

/// Which side stopped a copy from the network to the disk.
#[derive(Debug)]
pub enum FillError {
    /// Reading from the client failed.
    Source(io::Error),
    /// Writing to the disk failed.
    Disk(DiskError),
}
