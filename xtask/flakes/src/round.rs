//! One round: every test once, in the order given, several at a time.

use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
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

/// A test that failed, and what it said last.
pub struct Failed {
    /// Its name.
    pub name: String,
    /// The end of its output.
    pub said: String,
}

/// Runs the tests, `jobs` at a time. When `stop` is set none is begun any more; those that run end by
/// themselves, because only they know what they have started.
///
/// # Errors
/// A test program cannot be started; or it was stopped.
pub fn run(tests: &[Test], jobs: usize, stop: &AtomicBool) -> Result<Vec<Failed>> {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let work = || -> Result<()> {
            while let Some(test) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                ensure!(!stop.load(Ordering::Relaxed), "broken off");
                if let Some(one) = one(test)? {
                    failed
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(one);
                }
            }
            Ok(())
        };
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| match worker.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            })
    })?;
    // A test that was stopped with this program has not failed.
    ensure!(!stop.load(Ordering::Relaxed), "broken off");
    Ok(failed.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn one(test: &Test) -> Result<Option<Failed>> {
    let mut child = Command::new(&test.program)
        .args([&test.own, "--exact", "--nocapture"])
        .current_dir(&test.folder)
        .env("CARGO_MANIFEST_DIR", &test.folder)
        // As cargo does: some tests build programs.
        .env("CARGO", crate::listing::cargo())
        .env(scenes::CROWDED, "1")
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
    Ok(Some(Failed {
        name: test.name.clone(),
        said: said[from..].to_owned(),
    }))
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

    #[test]
    fn who_is_stopped_begins_no_test_and_counts_none() {
        let test = Test {
            name: "a::b".into(),
            own: "b".into(),
            program: "/no/such/program".into(),
            folder: ".".into(),
        };
        let said = |stop: bool| {
            let tests = std::slice::from_ref(&test);
            let result = run(tests, 2, &AtomicBool::new(stop));
            result.map(|_| ()).unwrap_err().to_string()
        };
        assert_eq!(said(true), "broken off");
        assert!(said(false).contains("cannot start"));
    }
}
