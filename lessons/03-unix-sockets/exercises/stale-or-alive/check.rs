//! Checks of "Stale, or alive?".

#[cfg(unix)]
mod exercise;

#[cfg(unix)]
use checks::CHECKS;
#[cfg(not(unix))]
use kit::NEEDS_UNIX as CHECKS;

fn main() -> std::process::ExitCode {
    kit::run(CHECKS)
}

#[cfg(unix)]
mod checks {
    use std::fs::{self, File};
    use std::io::{self, ErrorKind};
    use std::os::unix::fs::{MetadataExt as _, symlink};
    use std::os::unix::net::UnixListener;
    use std::path::{Path, PathBuf};
    use std::sync::mpsc;

    use kit::{Check, Checks, Moment, Outcome};

    use super::exercise::{self, Server};

    pub const CHECKS: Checks = &[
        ("a free path is bound", free),
        ("a stale socket is replaced", stale),
        ("a server that is alive is left alone", live),
        ("a regular file is left alone", regular),
        ("a symbolic link is left alone", link),
        (
            "a rival that starts at the same moment is not hidden",
            rival,
        ),
        ("the lock is held while the server runs", held),
        ("a second server finds the lock held", second),
        ("after the server's end the lock is free", ended),
    ];

    fn socket(check: &Check) -> PathBuf {
        check.folder().join("s.sock")
    }

    /// Which file stands at a path.
    fn id(path: &Path) -> Option<(u64, u64)> {
        let meta = fs::symlink_metadata(path).ok()?;
        Some((meta.dev(), meta.ino()))
    }

    fn leave_stale(check: &Check, path: &Path) {
        let killed = UnixListener::bind(path);
        drop(killed.expect("the check's folder takes sockets"));
        check.tell("has left a stale socket at `s.sock`: its server was killed");
    }

    fn listen(check: &Check, path: &Path) -> Outcome<io::Result<Server>> {
        let path = path.to_owned();
        let name = path.file_name().unwrap_or_default().display().to_string();
        let result = check.call(format!("listen(\"{name}\")"), move || {
            exercise::listen(&path)
        })?;
        Ok(result.value)
    }

    /// `listen` must succeed, and then a client must get in.
    fn serves(check: &Check, path: &Path) -> Outcome<Server> {
        match listen(check, path)? {
            Err(error) => {
                let unmet = format!("`listen` returns Ok; it returned the error \"{error}\"");
                Err(check.fail(unmet, "an error").expect_err("a failure"))
            }
            Ok(server) => {
                check.connect_path("a client", path)?;
                Ok(server)
            }
        }
    }

    fn in_use(check: &Check, result: &io::Result<Server>) -> Outcome {
        match result {
            Ok(_) => check.fail("`listen` returns an error", "Ok"),
            Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(()),
            Err(error) => {
                let kind = error.kind();
                let unmet = format!("the error's kind is AddrInUse, not {kind:?}");
                check.fail(unmet, "another kind")
            }
        }
    }

    fn free(check: &Check) -> Outcome {
        let server = serves(check, &socket(check))?;
        let address = server.listener.local_addr();
        if address.is_ok_and(|address| address.as_pathname().is_some()) {
            return Ok(());
        }
        check.fail("`listener` listens at a path", "no path")
    }

    fn stale(check: &Check) -> Outcome {
        let path = socket(check);
        leave_stale(check, &path);
        serves(check, &path).map(drop)
    }

    fn live(check: &Check) -> Outcome {
        let path = socket(check);
        let _live = check.server_path("another server", &path)?;
        let before = id(&path);
        let result = listen(check, &path)?;
        if id(&path) != before {
            let unmet =
                "`s.sock` is still the other server's: it is alive, and no client finds it now";
            return check.fail(unmet, "hidden");
        }
        in_use(check, &result)
    }

    fn regular(check: &Check) -> Outcome {
        const NOTES: &[u8] = b"keep me";
        let path = socket(check);
        fs::write(&path, NOTES).expect("the check's folder takes files");
        check.tell("has written a regular file `s.sock`");
        let result = listen(check, &path)?;
        if fs::read(&path).ok().as_deref() != Some(NOTES) {
            return check.fail("the regular file `s.sock` is there, as it was", "removed");
        }
        match result {
            Err(_) => Ok(()),
            Ok(_) => check.fail("`listen` returns an error", "Ok"),
        }
    }

    /// A link is not a socket, whatever it points to.
    fn link(check: &Check) -> Outcome {
        let path = socket(check);
        let other = check.folder().join("other.sock");
        let killed = UnixListener::bind(&other);
        drop(killed.expect("the check's folder takes sockets"));
        symlink(&other, &path).expect("the check's folder takes links");
        check.tell("has made `s.sock` a symbolic link to `other.sock`, a stale socket");
        let result = listen(check, &path)?;
        if fs::read_link(&path).ok().as_ref() != Some(&other) || id(&other).is_none() {
            let unmet = "the link `s.sock` is there, and `other.sock` too, as they were";
            return check.fail(unmet, "removed");
        }
        match result {
            Err(_) => Ok(()),
            Ok(_) => check.fail("`listen` returns an error", "Ok"),
        }
    }

    /// A second server that does it right: lock, look, remove, bind.
    fn start_rival(path: &Path) -> Option<(UnixListener, File)> {
        let who = "a rival server";
        kit::tell(who, "starts at this moment");
        let lock = File::create(exercise::lock_path(path)).ok()?;
        if lock.try_lock().is_err() {
            kit::tell(who, "finds the lock held, and gives up");
            return None;
        }
        fs::remove_file(path).ok()?;
        let listener = UnixListener::bind(path).ok()?;
        kit::tell(
            who,
            "has the lock, has removed the stale socket too, and listens",
        );
        Some((listener, lock))
    }

    fn rival(check: &Check) -> Outcome {
        let path = socket(check);
        leave_stale(check, &path);
        let (send, rivals) = mpsc::channel();
        check.at(Moment::Refused, move |path| {
            let rival = start_rival(path);
            let _ = send.send(rival.map(|rival| (id(path), rival)));
        });
        let result = listen(check, &path)?;
        let Ok(Some((its, _alive))) = rivals.try_recv() else {
            return match result {
                Ok(_) => Ok(()),
                Err(error) => check.fail(
                    format!("`listen` returns Ok; it returned the error \"{error}\""),
                    "an error",
                ),
            };
        };
        if id(&path) != its {
            let unmet = "`s.sock` is still the rival's: it is alive, and no client finds it now";
            return check.fail(unmet, "hidden");
        }
        in_use(check, &result)
    }

    /// The lock's file, which stays when a server is killed. Nobody has locked it.
    fn leave_lock_file(check: &Check, path: &Path) -> File {
        let file = File::create(exercise::lock_path(path));
        check.tell("has left the lock's file `s.sock.lock`, which nobody has locked");
        file.expect("the check's folder takes files")
    }

    fn is_held(check: &Check, path: &Path, file: &File, detail: &str) -> Outcome {
        let name = exercise::lock_path(path);
        let known = file.metadata().map(|meta| (meta.dev(), meta.ino())).ok();
        if id(&name) != known {
            let unmet = "the lock's file is still the one that was there: who has it open and locks it, \
                         and you, would hold two locks";
            return check.fail(unmet, "another file");
        }
        if file.try_lock().is_ok() {
            let unmet = "while your server runs, nobody else can lock the lock's file";
            return check.fail(unmet, detail);
        }
        Ok(())
    }

    fn held(check: &Check) -> Outcome {
        let path = socket(check);
        leave_stale(check, &path);
        let file = leave_lock_file(check, &path);
        let server = serves(check, &path)?;
        is_held(check, &path, &file, "not held")?;
        let _ = &server.lock;
        // And where nothing stood at the path.
        let path = check.folder().join("free.sock");
        let file = File::create(exercise::lock_path(&path));
        let file = file.expect("the check's folder takes files");
        check.tell("starts your server at `free.sock` too, where nothing stands");
        let _server = serves(check, &path)?;
        is_held(check, &path, &file, "not held where nothing stood")
    }

    fn second(check: &Check) -> Outcome {
        let path = socket(check);
        let _server = serves(check, &path)?;
        let second = listen(check, &path)?;
        in_use(check, &second)
    }

    fn ended(check: &Check) -> Outcome {
        let path = socket(check);
        drop(serves(check, &path)?);
        check.tell("has ended your server; its file may have stayed");
        serves(check, &path).map(drop)
    }
}
