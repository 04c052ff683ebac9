//! Tests in the order given, several at a time, each in a process of its own.

use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::listing::Test;

/// The longest test compiles exercises; on a busy machine it takes minutes. One that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(600);

/// Between two looks at a running test.
const LOOK: Duration = Duration::from_millis(20);

/// How long the output of a test that has ended may stay open.
const AFTER: Duration = Duration::from_secs(10);

/// What is told of an output that stays open.
const OPEN: &str = "(something that this test has started goes on, and holds its output)\n";

/// So much of what a failed test said is kept, in octets, from its end.
const KEPT: usize = 4000;

/// Runs the tests that `next` gives, `jobs` at a time, and tells `done` of each what it said last if it
/// failed. When `stop` is set none is begun any more, and nothing more is told; those that run end by
/// themselves, because only they know what they have started.
///
/// # Errors
/// A test program cannot be started; or it was stopped.
pub fn run<'a>(
    next: impl FnMut() -> Option<&'a Test> + Send,
    done: impl FnMut(&Test, Option<String>) + Send,
    jobs: usize,
    stop: &AtomicBool,
) -> Result<()> {
    let (next, done) = (Mutex::new(next), Mutex::new(done));
    // One that cannot be started ends all.
    let broken = AtomicBool::new(false);
    let work = || -> Result<()> {
        loop {
            let Some(test) = locked(&next)() else {
                return Ok(());
            };
            if broken.load(Ordering::Relaxed) {
                return Ok(());
            }
            ensure!(!stop.load(Ordering::Relaxed), "broken off");
            let failed = one(test).inspect_err(|_| broken.store(true, Ordering::Relaxed))?;
            // A test that was stopped with this program has not failed.
            ensure!(!stop.load(Ordering::Relaxed), "broken off");
            locked(&done)(test, failed);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| match worker.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
    })
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a test; returns the end of what it said if it failed.
fn one(test: &Test) -> Result<Option<String>> {
    let mut child = Command::new(&test.program)
        .args([&test.own, "--exact", "--nocapture"])
        .current_dir(&test.folder)
        .env("CARGO_MANIFEST_DIR", &test.folder)
        // As cargo does: some tests build programs.
        .env("CARGO", crate::listing::cargo())
        .env(scenes::BUILT, "1")
        .env(scenes::CROWDED, "1")
        // Only the end of what it says is kept: the reason, and not the way to it.
        .env("RUST_BACKTRACE", "0")
        // A snapshot that differs is a failure, and no file beside it.
        .env("INSTA_UPDATE", "no")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", test.program.display()))?;
    let (output, errors) = (text(child.stdout.take()), text(child.stderr.take()));
    let ok = wait(&mut child);
    let said = [output, errors]
        .map(|text| text.recv_timeout(AFTER).unwrap_or_else(|_| OPEN.to_owned()))
        .concat();
    // A program that ran no test proves nothing.
    let ran = said.contains("test result: ok. 1 passed");
    if ok && ran {
        return Ok(None);
    }
    let mut from = said.len().saturating_sub(KEPT);
    while !said.is_char_boundary(from) {
        from += 1;
    }
    Ok(Some(said[from..].to_owned()))
}

/// Reads to the end, in a thread of its own: a program that the test has left behind may keep the pipe open
/// for ever.
fn text(pipe: Option<impl io::Read + Send + 'static>) -> Receiver<String> {
    let (sender, text) = channel();
    thread::spawn(move || {
        let mut octets = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read until an error is all there is.
            let _ = pipe.read_to_end(&mut octets);
        }
        // Nobody waits for it any more if it came too late.
        let _ = sender.send(String::from_utf8_lossy(&octets).into_owned());
    });
    text
}

/// Whether it ended well, and in time.
fn wait(child: &mut Child) -> bool {
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if begun.elapsed() < LONGEST => thread::park_timeout(LOOK),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn whoever_holds_the_output_of_a_test_is_not_waited_for() {
        let mut test = Command::new("/bin/sh")
            .args(["-c", "exec 3<&0; cat <&3 & echo left behind"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // `cat` runs until its input ends.
        let held = test.stdin.take();
        let output = text(test.stdout.take());
        assert!(wait(&mut test));
        assert!(output.recv_timeout(LOOK).is_err());
        drop(held);
        assert_eq!(output.recv_timeout(AFTER).unwrap(), "left behind\n");
    }

    fn absent() -> Test {
        Test {
            name: "a::b".into(),
            own: "b".into(),
            program: "/no/such/program".into(),
            folder: ".".into(),
        }
    }

    #[test]
    fn a_program_that_cannot_be_started_ends_all_workers() {
        let test = absent();
        let given = std::sync::atomic::AtomicU32::new(0);
        let next = || (given.fetch_add(1, Ordering::Relaxed) < 1_000_000).then_some(&test);
        let none = |_: &Test, _| unreachable!("it did not run");
        let error = run(next, none, 4, &AtomicBool::new(false)).unwrap_err();
        assert!(error.to_string().contains("cannot start"));
        assert!(given.into_inner() < 100);
    }

    #[test]
    fn who_is_stopped_begins_no_test_and_counts_none() {
        let test = absent();
        let said = |stop: bool| {
            let none = |_: &Test, _| unreachable!("it did not run");
            let result = run(|| Some(&test), none, 2, &AtomicBool::new(stop));
            result.unwrap_err().to_string()
        };
        assert_eq!(said(true), "broken off");
        assert!(said(false).contains("cannot start"));
    }
}
