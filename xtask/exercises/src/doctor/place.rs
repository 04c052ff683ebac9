//! Folders, files and the clock.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant, SystemTime};

use notify::{RecursiveMode, Watcher as _};

use super::Finding;

/// So much a build of everything takes, the book's tools with it.
#[cfg(unix)]
const BUILD_MIB: u64 = 2048;

/// Below this, not even one exercise compiles.
#[cfg(unix)]
const LEAST_MIB: u64 = 100;

/// An event takes milliseconds. One that takes longer is of no use to who saves and looks up.
const EVENT_LIMIT: Duration = Duration::from_secs(2);

pub fn examine(root: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let build = root.join("target/exercises/doctor");
    let made = fs::create_dir_all(&build).and_then(|()| fs::write(build.join("file"), "1"));
    if let Err(error) = made {
        findings.push(Finding::needed(
            "build folder",
            format!("cannot write in {}: {error}", build.display()),
            "Give yourself the right to write there, or copy the course to a folder of your own.",
        ));
    } else {
        findings.push(events(&build));
        findings.push(clock(&build.join("file"), root));
        let _ = fs::remove_dir_all(&build);
    }
    findings.extend(disk(root));
    findings
}

/// A new folder in the temporary folder, named like those of the checks.
pub fn own_folder() -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("doctor-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))?;
    Ok(folder)
}

/// Can a check have a folder of its own?
pub fn temporary() -> Finding {
    let attempt = || -> io::Result<PathBuf> {
        let folder = own_folder()?;
        let outcome = fs::write(folder.join("file"), "1");
        let _ = fs::remove_dir_all(&folder);
        outcome.map(|()| folder)
    };
    match attempt() {
        Ok(_) => Finding::ok(
            "temporary folder",
            format!("{} can be written to", std::env::temp_dir().display()),
        ),
        Err(error) => Finding::needed(
            "temporary folder",
            error.to_string(),
            "Name one that you can write to, in the variable TMPDIR (on Windows TMP).",
        ),
    }
}

/// Does the system tell when a file is saved?
fn events(folder: &Path) -> Finding {
    const THING: &str = "file events";
    let attempt = || -> notify::Result<Option<Duration>> {
        let (send, events) = channel();
        let mut watcher = notify::recommended_watcher(move |event| {
            let _ = send.send(event);
        })?;
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
        let saved = Instant::now();
        fs::write(folder.join("saved"), "1").map_err(notify::Error::io)?;
        match events.recv_timeout(EVENT_LIMIT) {
            Ok(event) => event.map(|_| Some(saved.elapsed())),
            Err(_) => Ok(None),
        }
    };
    let mend = "Use `cargo xtask exercise watch --poll`, which looks for itself.";
    match attempt() {
        Ok(Some(took)) => Finding::ok(
            THING,
            format!(
                "the system tells of a saved file after {:.1} ms",
                took.as_secs_f64() * 1000.0
            ),
        ),
        Ok(None) => Finding::wanted(THING, "the system tells nothing of a saved file", mend),
        Err(error) => Finding::wanted(THING, error.to_string(), mend),
    }
}

/// Cargo compares the times of files: a clock that jumps makes it build too much, or too little.
fn clock(file: &Path, root: &Path) -> Finding {
    const THING: &str = "clock";
    const SET: &str = "Set this machine's clock: Cargo compares the times of files with it.";
    let written = |path: &Path| fs::metadata(path).and_then(|data| data.modified());
    let now = SystemTime::now();
    let (Ok(own), Ok(course)) = (written(file), written(&root.join("Cargo.toml"))) else {
        return Finding::wanted(THING, "the files' times cannot be read", SET);
    };
    let apart = now.duration_since(own).or_else(|_| own.duration_since(now));
    let apart = apart.unwrap_or_default();
    if apart > Duration::from_secs(3) {
        let what = format!("a file that is new is {} s away from now", apart.as_secs());
        return Finding::wanted(
            THING,
            what,
            "Put the course on this machine's own disk, or set the clocks of both machines.",
        );
    }
    if course > now + Duration::from_secs(3) {
        return Finding::wanted(THING, "the course's files are from the future", SET);
    }
    Finding::ok(THING, "fits the times of the files")
}

#[cfg(unix)]
fn disk(root: &Path) -> Option<Finding> {
    // `target` need not be there yet.
    let place = [root.join("target"), root.to_owned()];
    let place = place.iter().find(|place| place.exists())?;
    let found = rustix::fs::statvfs(place).ok()?;
    Some(judge_disk(
        found.f_bavail.saturating_mul(found.f_frsize) >> 20,
    ))
}

/// Elsewhere a full disk is found when it is full.
#[cfg(not(unix))]
fn disk(_root: &Path) -> Option<Finding> {
    None
}

#[cfg(unix)]
fn judge_disk(free: u64) -> Finding {
    const THING: &str = "disk";
    let seen = format!("{free} MiB free for `target`; everything together takes about {BUILD_MIB}");
    let mend =
        "Make room, or let `target` be elsewhere: the variable CARGO_TARGET_DIR names where.";
    match free {
        _ if free >= BUILD_MIB => Finding::ok(THING, seen),
        _ if free >= LEAST_MIB => Finding::wanted(THING, seen, mend),
        _ => Finding::needed(THING, seen, mend),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_from_the_future_or_a_folder_that_is_not_there_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let (file, course) = (folder.path().join("file"), folder.path().join("Cargo.toml"));
        fs::write(&course, "").unwrap();
        fs::write(&file, "").unwrap();
        assert_eq!(clock(&file, folder.path()).missing, None);
        let later = SystemTime::now() + Duration::from_secs(3600);
        for (path, said) in [(&course, "from the future"), (&file, "away from now")] {
            let open = fs::File::options().write(true).open(path).unwrap();
            open.set_modified(later).unwrap();
            let finding = clock(&file, folder.path());
            assert!(finding.missing.is_some(), "{finding:?}");
            assert!(finding.seen.contains(said), "{finding:?}");
        }
        let nowhere = events(&folder.path().join("nowhere"));
        assert!(
            nowhere
                .missing
                .is_some_and(|missing| missing.mend.contains("--poll"))
        );
    }

    #[cfg(unix)]
    #[test]
    fn little_room_is_said_and_no_room_stops() {
        assert_eq!(judge_disk(5000).missing, None);
        assert!(!judge_disk(500).missing.unwrap().needed);
        assert!(judge_disk(5).missing.unwrap().needed);
    }
}
