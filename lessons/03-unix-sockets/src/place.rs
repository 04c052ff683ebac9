//! A private folder for a demonstration, gone when it is over.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::address::SUN_PATH;

/// How many octets a demonstration needs for the file's name after the folder's path.
const ROOM: usize = 48;

/// A fresh folder in the system's place for temporary files. It is removed with all that is in it
/// when this value is dropped.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
}

impl Place {
    /// Make a folder that nobody else uses, with this mode (`0o700`: nobody else may enter).
    ///
    /// # Errors
    /// The place for temporary files is missing, full, or closed to this user.
    pub fn new(mode: u32) -> io::Result<Self> {
        let mut parent = std::env::temp_dir();
        // $TMPDIR may be so long that no socket fits below it (see `address`).
        if parent.as_os_str().as_bytes().len() + ROOM > SUN_PATH {
            parent = PathBuf::from("/tmp");
        }
        let process = std::process::id();
        for attempt in 0..10_000 {
            let path = parent.join(format!("lesson-03-{process}-{attempt}"));
            // mkdir(2) never takes a folder that exists: the name is ours or we try the next.
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {
                    let place = Self { path };
                    std::fs::set_permissions(
                        place.path(),
                        std::os::unix::fs::PermissionsExt::from_mode(mode),
                    )?;
                    return Ok(place);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // Nobody is left to hear of an error.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn two_places_differ_and_both_vanish() {
        let (a, b) = (Place::new(0o700).unwrap(), Place::new(0o755).unwrap());
        assert_ne!(a.path(), b.path());
        assert_eq!(a.path().metadata().unwrap().mode() & 0o777, 0o700);
        assert_eq!(b.path().metadata().unwrap().mode() & 0o777, 0o755);
        let paths = [a.path().to_owned(), b.path().to_owned()];
        drop((a, b));
        assert!(paths.iter().all(|path| !path.exists()));
    }
}
