//! A check's own folder: made, and removed again whatever the student's code has put into it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn folder_name(process: u32, number: usize) -> String {
    format!("kit-{process}-{number}")
}

/// Removes the folders that a program of this process ID has left, because it was killed, because the
/// student's code ended it, or because a thread of that code wrote into a folder that was just being
/// removed. It had so many checks.
pub fn tidy_up(process: u32, checks: usize) {
    for number in 0..checks {
        remove(&temporary().join(folder_name(process, number)));
    }
}

/// Removes a check's folder. The student's code may have made folders in it that their owner cannot
/// enter.
pub(crate) fn remove(folder: &Path) {
    #[cfg(unix)]
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        use std::os::unix::fs::PermissionsExt as _;
        // Not through a link: what it leads to is not ours.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let _ = fs::set_permissions(entry.path(), fs::Permissions::from_mode(0o700));
        }
    }
    let _ = fs::remove_dir_all(folder);
}

/// The folder for temporary files. The reader's own (`TMPDIR`), unless its path is so long that no
/// Unix socket fits below it: a name has 104 octets on some systems (`sockaddr_un`), and the check's
/// folder and the socket's own name need some of them.
fn temporary() -> PathBuf {
    const LONGEST: usize = 70;
    let folder = std::env::temp_dir();
    if cfg!(unix) && folder.as_os_str().len() > LONGEST {
        return PathBuf::from("/tmp");
    }
    folder
}

/// Makes the folder of the check of this number, in this process.
pub(crate) fn make(number: usize) -> io::Result<PathBuf> {
    let folder = temporary().join(folder_name(std::process::id(), number));
    // A run that was killed has left its folder, and the system gives process numbers out again.
    remove(&folder);
    fs::create_dir(&folder)?;
    Ok(folder)
}
