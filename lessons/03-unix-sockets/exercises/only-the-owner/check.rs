//! Checks of "Only the owner may call".

#[cfg(unix)]
mod exercise;

#[cfg(unix)]
use checks::CHECKS;
#[cfg(not(unix))]
use kit::NEEDS_UNIX as CHECKS;

fn main() -> std::process::ExitCode {
    #[cfg(unix)]
    checks::with_the_usual_umask();
    kit::run(CHECKS)
}

#[cfg(unix)]
mod checks {
    use std::fs::{self, Permissions};
    use std::io::{self, ErrorKind};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    use std::path::Path;
    use std::process::Command;
    use std::sync::mpsc;

    use kit::unix::UnixListener;
    use kit::{Check, Checks, Got, Moment, Outcome};

    use super::exercise;

    pub const CHECKS: Checks = &[
        ("the folder has mode 0700 at the end", mode_at_the_end),
        ("the owner can connect", owner_connects),
        ("it had this mode before the socket was there", mode_at_bind),
        ("a folder that was there is refused", refused),
    ];

    /// Where the umask is 077, every new folder has mode 0700, whoever has thought of it. So this program
    /// begins anew with the umask 022, once; a shell can set it without `unsafe`.
    pub fn with_the_usual_umask() {
        const BEGUN_ANEW: &str = "ONLY_THE_OWNER_UMASK";
        let folder = std::env::temp_dir().join(format!("umask-{}", std::process::id()));
        let result = fs::create_dir(&folder);
        let mode = mode_of(&folder);
        if result.is_ok() {
            let _ = fs::remove_dir(&folder);
        }
        if mode == Some(0o755) || std::env::var_os(BEGUN_ANEW).is_some() {
            return;
        }
        if let Ok(program) = std::env::current_exe() {
            // It returns only if there is no shell. Then the umask stays as it is.
            let _ = Command::new("/bin/sh")
                .args(["-c", "umask 022; exec \"$0\""])
                .arg(program)
                .env(BEGUN_ANEW, "1")
                .exec();
        }
    }

    fn listen(check: &Check, folder: &Path) -> Outcome<Got<io::Result<UnixListener>>> {
        let folder = folder.to_owned();
        check.call("listen_for_owner(\"private\")", move || {
            exercise::listen_for_owner(&folder)
        })
    }

    /// The mode of a file or a folder, if it is there.
    fn mode_of(path: &Path) -> Option<u32> {
        fs::symlink_metadata(path)
            .ok()
            .map(|meta| meta.mode() & 0o7777)
    }

    /// The mode is looked at first: with a wrong one, root gets further than other users.
    fn owners_alone(check: &Check, mode: Option<u32>, when: &str) -> Outcome {
        let Some(mode) = mode else {
            return check.fail(format!("there is a folder `private` {when}"), "none");
        };
        check.tell(&format!("saw `private` with mode {mode:04o} {when}"));
        let wrong = match mode {
            0o700 => return Ok(()),
            _ if mode & 0o700 != 0o700 => {
                let right = |bit, letter| if mode & bit == 0 { '-' } else { letter };
                let (r, w, x) = (right(0o400, 'r'), right(0o200, 'w'), right(0o100, 'x'));
                format!("the owner has only the rights {r}{w}{x}")
            }
            _ if mode & 0o005 == 0o005 => "others may list it, and pass through it".to_owned(),
            _ if mode & 0o001 == 0o001 => "others may pass through it".to_owned(),
            _ => "others have a right".to_owned(),
        };
        let unmet = format!("the mode of `private` is 0700 {when}; it is {mode:04o}: {wrong}");
        check.fail(unmet, wrong)
    }

    fn mode_at_the_end(check: &Check) -> Outcome {
        let folder = check.folder().join("private");
        let listener = listen(check, &folder)?;
        let of_file = mode_of(&folder.join("s.sock"));
        if mode_of(&folder) != Some(0o700) && of_file == Some(0o600) {
            let unmet = "the mode of the folder is 0700, and not only that of the file 0600";
            return check.fail(unmet, "the file's mode");
        }
        owners_alone(check, mode_of(&folder), "at the end")?;
        listener.ok().map(drop)
    }

    fn owner_connects(check: &Check) -> Outcome {
        let folder = check.folder().join("private");
        let listener = listen(check, &folder)?;
        owners_alone(check, mode_of(&folder), "at the end")?;
        let _listener = listener.ok()?;
        check
            .connect_path("a client of the owner", &folder.join("s.sock"))
            .map(drop)
    }

    fn mode_at_bind(check: &Check) -> Outcome {
        let folder = check.folder().join("private");
        let (send, seen) = mpsc::channel();
        check.at(Moment::Bound, move |path| {
            let _ = send.send(path.parent().and_then(mode_of));
        });
        let listener = listen(check, &folder)?;
        match seen.try_recv() {
            Ok(mode) => owners_alone(check, mode, "when `bind` had made the socket")?,
            Err(_) => owners_alone(check, mode_of(&folder), "at the end")?,
        }
        listener.ok().map(drop)
    }

    fn refused(check: &Check) -> Outcome {
        let folder = check.folder().join("private");
        let inside = folder.join("notes.txt");
        check.tell("has made a folder `private` with mode 0755, and a file in it");
        let made = fs::create_dir(&folder)
            .and_then(|()| fs::set_permissions(&folder, Permissions::from_mode(0o755)))
            .and_then(|()| fs::write(&inside, "keep me"));
        made.expect("the check's folder takes folders");
        let listener = listen(check, &folder)?;
        if !inside.exists() {
            return check.fail("the file in `private` is still there", "removed");
        }
        let kind = match listener.value {
            Ok(_) => return check.fail("`listen_for_owner` returns an error", "Ok"),
            Err(error) => error.kind(),
        };
        if kind != ErrorKind::AlreadyExists {
            let unmet = format!("the error's kind is AlreadyExists, not {kind:?}");
            return check.fail(unmet, "another kind");
        }
        let untouched = mode_of(&folder) == Some(0o755) && !folder.join("s.sock").exists();
        if untouched {
            return Ok(());
        }
        check.fail("the folder that was there has not been changed", "changed")
    }
}
