//! Checks of "A name to answer to".

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
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};

    use kit::{Check, Checks, Outcome, Running, UnixDatagrams};

    use super::exercise;

    pub const CHECKS: Checks = &[
        ("the server's answer comes back", answered),
        ("the client's file is gone at the end", gone),
        ("an answer may have 2,000 octets", long),
        ("an answer may have 0 octets", empty),
        ("only the server's datagram is the answer", stranger),
        ("the file is gone after an error too", gone_after_error),
        ("a file that was there before stays", not_ours),
    ];

    type Client = Running<io::Result<Vec<u8>>>;

    fn paths(check: &Check) -> (PathBuf, PathBuf) {
        let folder = check.folder();
        (folder.join("server.sock"), folder.join("own.sock"))
    }

    fn start(check: &Check, server: &Path, own: &Path) -> Client {
        let (server, own) = (server.to_owned(), own.to_owned());
        check.start("your client", move || {
            exercise::ask(&server, &own, b"what time?")
        })
    }

    /// The question arrives, from a sender who can be answered.
    fn asked(check: &Check, server: &mut UnixDatagrams, own: &Path) -> Outcome {
        match server.expect("what time?")? {
            Some(sender) if sender == own => Ok(()),
            Some(_) => check.fail("the question comes from the path `own`", "another name"),
            None => check.fail(
                "the question comes from a socket with a name, which the server can answer",
                "no name",
            ),
        }
    }

    fn no_file(check: &Check, own: &Path) -> Outcome {
        if fs::symlink_metadata(own).is_ok() {
            let unmet = "the file `own.sock` is gone when `ask` has returned";
            return check.fail(unmet, "the file is there");
        }
        Ok(())
    }

    fn answered(check: &Check) -> Outcome {
        let (path, own) = paths(check);
        let mut server = check.datagrams_path("the server", &path)?;
        let client = start(check, &path, &own);
        asked(check, &mut server, &own)?;
        server.send("ten", &own)?;
        client.returns()?.ok()?.octets("ten")
    }

    fn gone(check: &Check) -> Outcome {
        let (path, own) = paths(check);
        let mut server = check.datagrams_path("the server", &path)?;
        for answer in ["ten", "eleven"] {
            let client = start(check, &path, &own);
            asked(check, &mut server, &own)?;
            server.send(answer, &own)?;
            client.returns()?.ok()?.octets(answer)?;
            no_file(check, &own)?;
        }
        Ok(())
    }

    fn long(check: &Check) -> Outcome {
        const MOST: usize = 2000;
        let (path, own) = paths(check);
        let mut server = check.datagrams_path("the server", &path)?;
        let client = start(check, &path, &own);
        asked(check, &mut server, &own)?;
        server.send([b'x'; MOST], &own)?;
        let count = client.returns()?.ok()?.value.len();
        if count != MOST {
            let unmet = format!("your client returns all {MOST} octets of the answer, not {count}");
            return check.fail(unmet, "cut");
        }
        Ok(())
    }

    fn empty(check: &Check) -> Outcome {
        let (path, own) = paths(check);
        let mut server = check.datagrams_path("the server", &path)?;
        let client = start(check, &path, &own);
        asked(check, &mut server, &own)?;
        server.send("", &own)?;
        client.returns()?.ok()?.octets("")
    }

    fn unnamed_stranger(own: &Path) {
        let said = std::os::unix::net::UnixDatagram::unbound()
            .and_then(|socket| socket.send_to(b"one o'clock", own));
        let what = match said {
            Ok(_) => "sent a datagram of 11 octets to `own.sock`".to_owned(),
            Err(error) => format!("could not send to `own.sock`: {error}"),
        };
        kit::tell("a stranger without a name", &what);
    }

    fn stranger(check: &Check) -> Outcome {
        let (path, own) = paths(check);
        let mut server = check.datagrams_path("the server", &path)?;
        let mut named =
            check.datagrams_path("a stranger", &check.folder().join("stranger.sock"))?;
        let client = start(check, &path, &own);
        asked(check, &mut server, &own)?;
        // The kernel may refuse it: a connected socket takes datagrams of its peer only.
        let _ = named.send("midnight", &own);
        let _ = named.send("", &own);
        unnamed_stranger(&own);
        // A client that has taken the stranger's word may be gone by now: what it returns says so.
        let _ = server.send("noon", &own);
        client.returns()?.ok()?.octets("noon")
    }

    fn gone_after_error(check: &Check) -> Outcome {
        let (path, own) = paths(check);
        check.tell("has started no server");
        start(check, &path, &own).returns()?.err()?;
        no_file(check, &own)
    }

    fn not_ours(check: &Check) -> Outcome {
        const NOTES: &[u8] = b"do not delete";
        let (path, own) = paths(check);
        check.tell("has put a regular file at `own.sock`");
        fs::write(&own, NOTES).expect("the check's folder takes files");
        let client = start(check, &path, &own);
        let outcome = client.returns().and_then(kit::Got::err);
        if fs::read(&own).ok().as_deref() != Some(NOTES) {
            let unmet = "the file that stood at `own.sock` before is still there";
            return check.fail(unmet, "the file is gone");
        }
        outcome.map(drop)
    }
}
