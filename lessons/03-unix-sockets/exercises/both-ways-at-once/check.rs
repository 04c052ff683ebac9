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
    use std::io::{self, Read as _, Write as _};
    use std::sync::atomic::{AtomicUsize, Ordering};

    use kit::unix::UnixStream;
    use kit::{Check, Checks, Failure, Kind, Outcome};

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

    /// How many octets `shout` had read when its input had ended.
    static INPUT: AtomicUsize = AtomicUsize::new(usize::MAX);

    /// A filter that answers each piece at once.
    fn shout(mut stream: UnixStream) {
        kit::called("the filter");
        let mut buffer = vec![0; 16 * 1024];
        let mut input = 0;
        while let Ok(count) = stream.read(&mut buffer) {
            if count == 0 {
                INPUT.store(input, Ordering::SeqCst);
                break;
            }
            input += count;
            let piece = &mut buffer[..count];
            piece.make_ascii_uppercase();
            if stream.write_all(piece).is_err() {
                break;
            }
        }
    }

    fn at_the_end(check: &Check) -> Outcome {
        check
            .call("through(count, \"one\\ntwo\\nthree\\n\")", || {
                exercise::through(count, b"one\ntwo\nthree\n")
            })?
            .ok()?
            .octets("3 lines\n")
    }

    fn nothing(check: &Check) -> Outcome {
        check
            .call("through(count, \"\")", || exercise::through(count, b""))?
            .ok()?
            .octets("0 lines\n")
    }

    /// How many octets this kernel holds in one direction of a pair, until a write would have to wait.
    fn held() -> io::Result<usize> {
        let (mut one, _other) = std::os::unix::net::UnixStream::pair()?;
        one.set_nonblocking(true)?;
        let piece = vec![0; 64 * 1024];
        let mut held = 0;
        while let Ok(count) = one.write(&piece) {
            held += count;
        }
        Ok(held)
    }

    fn much(check: &Check) -> Outcome {
        let held = held().expect("the system makes pairs of sockets");
        check.tell(&format!(
            "has found that the kernel holds {held} octets here, in each direction"
        ));
        // Both directions full, and what the filter has in hand, and more. Not much more: who reads octet
        // by octet must not run out of time.
        let lines = (2 * held + 64 * 1024) / 8;
        let answer = check
            .call("through(shout, more than the kernel holds)", move || {
                exercise::through(shout, &b"abcdefg\n".repeat(lines))
            })?
            .ok()?
            .value;
        let expected = b"ABCDEFG\n".repeat(lines);
        if answer == expected {
            return Ok(());
        }
        let (got, all) = (answer.len(), expected.len());
        let input = INPUT.load(Ordering::SeqCst);
        if input < all {
            let unmet = format!("the filter reads all {all} octets of the input, not only {input}");
            return Err(Failure::new(Kind::Octets, unmet, "input is missing"));
        }
        if got < all && expected.starts_with(&answer) {
            let unmet =
                format!("`through` returns all {all} octets that the filter answers, not {got}");
            return check.fail(unmet, "octets are missing");
        }
        let unmet = format!("`through` returns the {all} octets that the filter answers, in order");
        check.fail(unmet, "other octets")
    }
}
