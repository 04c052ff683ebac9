//! A wall clock that jumps: somebody sets it, or a laptop asks for the time after a week without a battery.
//!
//! The jump is played to one program alone, by libfaketime: a library that is loaded before the C library
//! and answers `clock_gettime` from a file. The monotonic clock stays as it is, as with a real jump
//! (clock_gettime(2)). Where libfaketime is missing, the test says so; CI installs it, and fails without.

use std::fs;
use std::io::{BufRead as _, Read as _};
use std::path::{Path, PathBuf};

use super::{Running, ask, call, disk, hear, say};

/// The seconds of a year, one with a leap day.
const YEAR: i64 = 366 * 86_400;

/// Debian's place for it, below the folder of the machine's own libraries.
fn libfaketime() -> Option<PathBuf> {
    let mut places: Vec<_> = fs::read_dir("/usr/lib")
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
        .filter(|path| path.exists())
        .collect();
    places.pop()
}

/// Sets the clock, in seconds from the true time.
fn jump(clock: &Path, seconds: i64) {
    // In one step: a program that looks now sees the old file or the new one.
    let new = clock.with_extension("new");
    fs::write(&new, format!("{seconds:+}\n")).unwrap();
    fs::rename(&new, clock).unwrap();
}

#[test]
fn a_clock_that_jumps_is_no_event_for_the_disk() {
    let Some(library) = libfaketime() else {
        assert!(
            std::env::var_os("CI").is_none(),
            "libfaketime is missing: Debian: `apt install faketime`"
        );
        eprintln!("not examined: libfaketime is missing (Debian: `apt install faketime`)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let clock = folder.path().join("clock");
    let shared = folder.path().join("shared");
    fs::create_dir(&shared).unwrap();
    jump(&clock, 0);
    let mut command = disk(&shared);
    command
        .args(["--patience", "1"])
        .env("LD_PRELOAD", library)
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        // It looks at the file for each question, and leaves the monotonic clock alone.
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let server = Running::start(&mut command);
    let (line, http) = (server.endpoint(), server.endpoint());

    // The year that the server itself believes in: this is what shows that the jumps arrive.
    let year = || {
        let mut browser = call(http);
        let request = format!("GET / HTTP/1.1\r\nHost: {http}\r\nConnection: close\r\n\r\n");
        say(&mut browser, &request);
        let mut answer = String::new();
        browser.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        let date = answer.lines().find_map(|line| line.strip_prefix("Date: "));
        let year = date.unwrap().split(' ').nth(3).unwrap();
        year.parse::<i64>().unwrap()
    };
    let today = year();
    // Back to before 1970 too: the board of a small computer begins there.
    for (seconds, expected) in [
        (3 * YEAR, today + 3),
        (-3 * YEAR, today - 3),
        (-80 * YEAR, 1970),
    ] {
        jump(&clock, 0);
        let mut honest = call(line);
        assert_eq!(ask(&mut honest, "PUT 6 a\n"), "GO\n");
        say(&mut honest, "wor");
        jump(&clock, seconds);
        // An upload that has begun is completed, and another is served from begin to end.
        assert!((expected - 1..=expected + 1).contains(&year()), "{seconds}");
        assert!(ask(&mut honest, "ld\nEND\n").starts_with("OK "));
        assert_eq!(ask(&mut call(line), "LIST\n"), "OK 1\n");

        // The patience is one second, before the jump and after it: who says nothing is sent away.
        let mut silent = call(line);
        jump(&clock, 0);
        let said = hear(&mut silent);
        assert!(said.is_empty() || said.starts_with("ERROR "), "{said}");
        assert!(silent.fill_buf().unwrap_or_default().is_empty());
    }
    assert_eq!(fs::read_to_string(shared.join("a")).unwrap(), "world\n");
}
