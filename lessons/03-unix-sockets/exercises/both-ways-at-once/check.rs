//! Checks of "Both ways at once".

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
    use std::io::{Read as _, Write as _};

    use kit::unix::UnixStream;
    use kit::{Check, Checks, Outcome};

    use super::exercise;

    pub const CHECKS: Checks = &[
        ("a filter that answers when its input has ended", at_the_end),
        ("no input is an input too", nothing),
        ("more than the kernel holds, answered piece by piece", much),
    ];

    /// A filter that knows its answer when its input has ended.
    fn count(mut stream: UnixStream) {
        kit::called("the filter");
        let mut text = Vec::new();
        if stream.read_to_end(&mut text).is_ok() {
            let lines = String::from_utf8_lossy(&text).lines().count();
            let _ = stream.write_all(format!("{lines} lines\n").as_bytes());
        }
    }

    /// A filter that answers each piece at once.
    fn shout(mut stream: UnixStream) {
        kit::called("the filter");
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count) = stream.read(&mut buffer) {
            if count == 0 {
                break;
            }
            let piece = &mut buffer[..count];
            piece.make_ascii_uppercase();
            if stream.write_all(piece).is_err() {
                break;
            }
        }
    }

    fn at_the_end(check: &Check) -> Outcome {
        check
            .call("through(count, \"one\\ntwo\\n\")", || {
                exercise::through(count, b"one\ntwo\n")
            })?
            .ok()?
            .octets("2 lines\n")
    }

    fn nothing(check: &Check) -> Outcome {
        check
            .call("through(count, \"\")", || exercise::through(count, b""))?
            .ok()?
            .octets("0 lines\n")
    }

    fn much(check: &Check) -> Outcome {
        // Linux holds some 220 KB in each direction, and who reads octet by octet must not run out of
        // time: twice as much and a little more.
        const LINES: usize = 1 << 16;
        let call = "through(shout, \"abcdefg\\n\" 65,536 times: 512 KiB)";
        let answer = check
            .call(call, || {
                exercise::through(shout, &b"abcdefg\n".repeat(LINES))
            })?
            .ok()?
            .value;
        let expected = b"ABCDEFG\n".repeat(LINES);
        if answer == expected {
            return Ok(());
        }
        let (got, all) = (answer.len(), expected.len());
        if got < all && expected.starts_with(&answer) {
            let unmet =
                format!("`through` returns all {all} octets that the filter answers, not {got}");
            return check.fail(unmet, "octets are missing");
        }
        let unmet = format!("`through` returns the {all} octets that the filter answers, in order");
        check.fail(unmet, "other octets")
    }
}
