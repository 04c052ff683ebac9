//! An empty folder, which is gone afterwards: to play a scene in, or for the pages of a served book.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use tempfile::TempDir;

/// What folders are for.
#[derive(Debug, Clone, Copy)]
pub enum Use {
    /// To play a scene in.
    Scene,
    /// For the pages of a book.
    Pages,
}

impl Use {
    const ALL: [Self; 2] = [Self::Scene, Self::Pages];

    fn prefix(self) -> &'static str {
        match self {
            Self::Scene => "layer-by-layer-scene-",
            Self::Pages => "layer-by-layer-pages-",
        }
    }
}

/// No scene takes this long, and a folder that is used longer is locked.
const STALE: Duration = Duration::from_secs(3600);

/// A folder that is deleted when this is dropped.
pub struct Folder {
    dir: TempDir,
    /// Locked as long as this player lives, so that no other takes the folder for a forgotten one.
    _lock: Option<File>,
}

impl Folder {
    /// Creates an empty folder.
    ///
    /// # Errors
    /// When the system's folder for temporary files cannot be written.
    pub fn create(purpose: Use) -> io::Result<Self> {
        static SWEPT: Once = Once::new();
        let top = temporary();
        SWEPT.call_once(|| sweep(&top, STALE));
        let dir = tempfile::Builder::new()
            .prefix(purpose.prefix())
            .tempdir_in(top)?;
        let lock = lock(dir.path());
        open_to_all(dir.path())?;
        Ok(Self { dir, _lock: lock })
    }

    /// Writes a file into it.
    pub(crate) fn write(&self, name: &str, content: &str) -> io::Result<()> {
        let file = self.path().join(name);
        fs::write(&file, content)?;
        open_to_all(&file)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

/// The system's folder for temporary files. Not the reader's (`TMPDIR`): the path of a Unix socket
/// in it must stay shorter than 104 octets, and a space in it would part the words of a command.
pub(crate) fn temporary() -> PathBuf {
    let short = Path::new("/tmp");
    if cfg!(unix) && tempfile::tempfile_in(short).is_ok() {
        short.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// Lets every user read it, whatever the reader's umask is.
#[cfg_attr(
    not(unix),
    expect(
        clippy::unnecessary_wraps,
        reason = "elsewhere there is no mode to set"
    )
)]
fn open_to_all(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    }
    let _ = path;
    Ok(())
}

/// Deletes the folders of players that were ended (Ctrl-C, SIGKILL) before they could do so.
fn sweep(top: &Path, stale: Duration) {
    for entry in fs::read_dir(top).into_iter().flatten().flatten() {
        let is_old = entry.metadata().is_ok_and(|metadata| {
            metadata.is_dir()
                && metadata
                    .modified()
                    .is_ok_and(|time| time.elapsed().is_ok_and(|age| age >= stale))
        });
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = Use::ALL.iter().any(|own| name.starts_with(own.prefix()));
        if is_ours && is_old && lock(&entry.path()).is_some() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Locks a folder, if no living player has. (Windows opens no folders; it plays no scenes either.)
fn lock(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn forgotten_folders_are_deleted_and_no_others() {
        let top = tempfile::tempdir().unwrap();
        let [forgotten, used, young, other] = ["a", "b", "c", "d"].map(|name| {
            let prefix = if name == "d" { "" } else { Use::Scene.prefix() };
            top.path().join(format!("{prefix}{name}"))
        });
        for folder in [&forgotten, &used, &young, &other] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("x"), "x").unwrap();
            if *folder != young {
                let long_ago = std::time::SystemTime::now() - STALE;
                File::open(folder).unwrap().set_modified(long_ago).unwrap();
            }
        }
        let _lock = lock(&used).unwrap();
        sweep(top.path(), STALE);
        let left = [&forgotten, &used, &young, &other].map(|folder| folder.exists());
        assert_eq!(left, [false, true, true, true]);
    }
}
