//! The folder that a server works in, and what must be in it at the end.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use crate::peer::{BESIDE, SECRET, SECRET_CONTENT};
use crate::speech::{LARGE, PUT, PUT_CONTENT, STORED};

/// The size of the large file: more than all buffers of a connection hold together.
const LARGE_SIZE: usize = 8 << 20;

/// A folder of its own for one server: `shared/` with stored files, `tmp/` for temporary ones, and a
/// secret beside them.
pub struct Place {
    folder: TempDir,
}

/// What the stored file holds.
pub fn kept_content() -> Vec<u8> {
    (0..1024_u32)
        .map(|n| b'a' + u8::try_from(n * 7 % 26).unwrap_or(0))
        .collect()
}

fn large_content() -> Vec<u8> {
    b"a large file, of lines of 32 o.\n".repeat(LARGE_SIZE / 32)
}

impl Place {
    /// Makes it.
    ///
    /// # Errors
    /// The system's temporary folder takes nothing.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("hostile-").tempdir()?;
        let place = Self { folder };
        fs::create_dir(place.path().join("tmp"))?;
        fs::create_dir(place.shared())?;
        fs::write(place.path().join(SECRET), SECRET_CONTENT)?;
        fs::write(place.path().join(BESIDE), "")?;
        fs::write(place.shared().join(STORED), kept_content())?;
        fs::write(place.shared().join(LARGE), large_content())?;
        Ok(place)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that the network disk shares.
    pub fn shared(&self) -> PathBuf {
        self.path().join("shared")
    }

    /// Checks, at any time, that what a peer puts is there whole or not at all. (The rest an honest client
    /// sees.)
    ///
    /// # Errors
    /// A part of it is there.
    pub fn check_upload(&self) -> Result<()> {
        match fs::read(self.shared().join(PUT)) {
            Ok(put) => ensure!(put == PUT_CONTENT.as_bytes(), "{PUT} is not whole: {put:?}"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).context(PUT),
        }
        Ok(())
    }

    /// Checks, when the server has ended, that everything is as before: nothing lost, nothing changed,
    /// nothing left behind. `may_put`: the peer may have put one whole file there, as any client. And what the
    /// server has acknowledged to honest clients is `stored`: names and contents.
    ///
    /// # Errors
    /// Says what is not as before.
    pub fn check(
        &self,
        may_put: bool,
        stored: impl IntoIterator<Item = (String, String)>,
    ) -> Result<()> {
        let read = |name: &str| {
            fs::read(self.shared().join(name)).with_context(|| format!("{name} is lost"))
        };
        ensure!(read(STORED)? == kept_content(), "{STORED} has changed");
        ensure!(read(LARGE)? == large_content(), "{LARGE} has changed");
        let secret = fs::read_to_string(self.path().join(SECRET)).context("the secret is lost")?;
        ensure!(
            secret == SECRET_CONTENT,
            "a file outside of the folder has changed"
        );
        self.check_upload()?;
        let mut shared = names(&self.shared())?;
        if may_put {
            shared.remove(PUT);
        }
        for (name, content) in stored {
            ensure!(
                read(&name)? == content.as_bytes(),
                "{name}, which an honest client has put, has changed"
            );
            shared.remove(&name);
        }
        is_exactly("shared", &shared, &[STORED, LARGE])?;
        is_exactly(
            "the folder",
            &names(self.path())?,
            &["shared", "tmp", SECRET, BESIDE],
        )?;
        is_exactly("tmp", &names(&self.path().join("tmp"))?, &[])
    }
}

fn is_exactly(what: &str, found: &BTreeSet<String>, expected: &[&str]) -> Result<()> {
    let expected: BTreeSet<String> = expected.iter().map(|&name| name.to_owned()).collect();
    ensure!(
        *found == expected,
        "{what} holds {found:?} and not {expected:?}"
    );
    Ok(())
}

fn names(folder: &Path) -> io::Result<BTreeSet<String>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the check says when this was done to the folder.
    fn checked(may_put: bool, spoil: impl FnOnce(&Place) -> io::Result<()>) -> String {
        let place = Place::new().unwrap();
        spoil(&place).unwrap();
        place
            .check(may_put, [])
            .map_or_else(|error| format!("{error:#}"), |()| String::new())
    }

    #[test]
    fn loss_change_and_leavings_are_seen() {
        assert_eq!(checked(false, |_| Ok(())), "");
        let lost = checked(false, |place| fs::remove_file(place.shared().join(STORED)));
        assert!(lost.contains("kept.txt is lost"), "{lost}");
        let changed = checked(false, |place| fs::write(place.shared().join(LARGE), "x"));
        assert!(changed.contains("large.bin has changed"), "{changed}");
        let outside = checked(false, |place| fs::write(place.path().join(SECRET), "x"));
        assert!(outside.contains("outside of the folder"), "{outside}");
        for left in ["shared/new", "tmp/new", "s"] {
            let left = checked(true, |place| fs::write(place.path().join(left), "x"));
            assert!(left.contains("and not"), "{left}");
        }
    }

    #[test]
    fn what_was_acknowledged_must_be_there() {
        let place = Place::new().unwrap();
        let stored = || [("mine".to_owned(), "new".to_owned())];
        let checked = || {
            place
                .check(false, stored())
                .map_err(|error| format!("{error:#}"))
        };
        assert!(checked().unwrap_err().contains("mine is lost"));
        fs::write(place.shared().join("mine"), "old").unwrap();
        assert!(checked().unwrap_err().contains("has changed"));
        fs::write(place.shared().join("mine"), "new").unwrap();
        assert_eq!(checked(), Ok(()));
        assert!(place.check(false, []).is_err());
    }

    #[test]
    fn a_peer_may_put_a_whole_file_and_no_part() {
        let put = |content: &'static str| {
            move |place: &Place| fs::write(place.shared().join(PUT), content)
        };
        assert_eq!(checked(true, put(PUT_CONTENT)), "");
        assert!(checked(true, put("123")).contains("is not whole"));
        assert!(checked(false, put(PUT_CONTENT)).contains("and not"));
    }
}
