//! Checks of "Remove your own file, and no other".

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
    use std::io::{self, Write as _};
    use std::path::{Path, PathBuf};

    use kit::{Check, Checks, Outcome};

    use super::exercise::Server;

    pub const CHECKS: Checks = &[
        ("its own file is gone at the end", own),
        ("the file of another server stays", rival),
        ("a regular file stays", regular),
        ("a file of the same time stays", same_time),
        ("a file that is gone already is no error", gone),
        ("where a server listens, there is no room", taken),
    ];

    /// What stands in a file that is not the server's.
    const KEEP: &[u8] = b"keep me";

    fn start(check: &Check) -> Outcome<(Server, PathBuf)> {
        let path = check.folder().join("s.sock");
        let bound = path.clone();
        let server = check.call("Server::start(\"s.sock\")", move || Server::start(&bound))?;
        let server = server.ok()?.value;
        check
            .connect_path("a client", &path)
            .map(|_client| (server, path))
    }

    fn end(check: &Check, server: Server) -> Outcome<io::Result<()>> {
        let result = check.call("server.end()", move || server.end())?;
        Ok(result.value)
    }

    fn remove(check: &Check, path: &Path) {
        fs::remove_file(path).expect("the server's file is there");
        check.tell("has removed `s.sock`, as somebody might");
    }

    fn no_error(check: &Check, result: io::Result<()>) -> Outcome {
        match result {
            Ok(()) => Ok(()),
            Err(error) => check.fail(
                format!("`server.end()` returns Ok; it returned the error \"{error}\""),
                "an error",
            ),
        }
    }

    fn own(check: &Check) -> Outcome {
        let (server, path) = start(check)?;
        let result = end(check, server)?;
        if fs::symlink_metadata(&path).is_ok() {
            return check.fail("the file `s.sock` is gone at the end", "it is there");
        }
        no_error(check, result)
    }

    fn rival(check: &Check) -> Outcome {
        let (server, path) = start(check)?;
        remove(check, &path);
        let _rival = check.server_path("another server", &path)?;
        let result = end(check, server)?;
        if fs::symlink_metadata(&path).is_err() {
            let unmet =
                "the other server's file `s.sock` is there: without it nobody finds that server";
            return check.fail(unmet, "it is gone");
        }
        check.connect_path("a client of the other server", &path)?;
        no_error(check, result)
    }

    fn regular(check: &Check) -> Outcome {
        let (server, path) = start(check)?;
        remove(check, &path);
        fs::write(&path, KEEP).expect("the check's folder takes files");
        check.tell("has written a regular file `s.sock`");
        stays(check, server, &path)
    }

    fn same_time(check: &Check) -> Outcome {
        let (server, path) = start(check)?;
        let socket = fs::symlink_metadata(&path).and_then(|meta| meta.modified());
        remove(check, &path);
        let written = File::create(&path).and_then(|mut file| {
            file.write_all(KEEP)?;
            file.set_modified(socket?)
        });
        written.expect("the check's folder takes files");
        check.tell("has written a regular file `s.sock`, with the socket's time of change");
        stays(check, server, &path)
    }

    fn stays(check: &Check, server: Server, path: &Path) -> Outcome {
        let result = end(check, server)?;
        if fs::read(path).is_ok_and(|text| text == KEEP) {
            return no_error(check, result);
        }
        check.fail(
            "the regular file `s.sock` is there, as it was",
            "it is gone",
        )
    }

    fn taken(check: &Check) -> Outcome {
        let path = check.folder().join("s.sock");
        let rival = check.server_path("another server", &path)?;
        let bound = path.clone();
        let server = check.call("Server::start(\"s.sock\")", move || {
            Server::start(&bound).map(drop)
        })?;
        server.err()?;
        check.connect_path("a client of the other server", &path)?;
        drop(rival);
        Ok(())
    }

    fn gone(check: &Check) -> Outcome {
        let (server, path) = start(check)?;
        remove(check, &path);
        let result = end(check, server)?;
        no_error(check, result)
    }
}
