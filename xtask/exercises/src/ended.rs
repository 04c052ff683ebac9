//! A program, run to its end or to a limit.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The programs that run now, for [`end_all`].
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// An exercise has fewer checks.
const MOST_CHECKS: usize = 64;

/// What ends a program that does not end by itself.
#[derive(Debug, Clone, Copy)]
pub struct Bounds<'a> {
    /// So long may it run.
    pub time: Duration,
    /// So many octets of each output are kept.
    pub kept: u64,
    /// So many octets may it print; `None`: as many as it likes.
    pub printed: Option<u64>,
    /// Set when nobody wants the result any more.
    pub stop: Option<&'a AtomicBool>,
    /// The program is a watcher that ends all that it has started when its standard input ends.
    pub watcher: bool,
}

/// A program that has ended.
#[derive(Debug)]
pub struct Ended {
    /// Its process number.
    pub process: u32,
    /// How; `None` when it was killed.
    pub status: Option<ExitStatus>,
    /// The beginning of its standard output.
    pub output: String,
    /// The beginning of its standard error.
    pub errors: String,
    /// It was killed because it printed too much.
    pub printed_too_much: bool,
    /// How long it ran.
    pub took: Duration,
}

/// Starts a program and waits for its end. What it has started ends with it, as far as it is in the
/// program's process group.
///
/// # Errors
/// When it cannot be started.
pub fn run(command: &mut Command, bounds: Bounds) -> Result<Ended> {
    let begun = Instant::now();
    command
        .stdin(if bounds.watcher {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn().context("cannot start it")?;
    let number = child.id();
    let running = || RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running().push(number);
    let printed = Arc::new(AtomicU64::new(0));
    let out = keep(child.stdout.take(), bounds.kept, &printed);
    let err = keep(child.stderr.take(), bounds.kept, &printed);
    let too_much = || {
        bounds
            .printed
            .is_some_and(|most| printed.load(Ordering::Relaxed) > most)
    };
    let unwanted = || bounds.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
    let mut status = wait(&mut child, bounds.time, || too_much() || unwanted());
    if status.is_none() && bounds.watcher {
        drop(child.stdin.take());
        // Its word on how the program ended is not asked for: it was killed from here.
        wait(&mut child, Duration::from_secs(3), || false);
    }
    if unwanted() {
        status = None;
    }
    kill_group(number);
    running().retain(|other| *other != number);
    let _ = child.kill();
    let _ = child.wait();
    Ok(Ended {
        process: number,
        status,
        output: out.text(),
        errors: err.text(),
        printed_too_much: too_much(),
        took: begun.elapsed(),
    })
}

/// Waits for the program's end, at most for `limit`, and not when it shall `stop`.
fn wait(child: &mut Child, limit: Duration, stop: impl Fn() -> bool) -> Option<ExitStatus> {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Err(_) => return None,
            Ok(None) if Instant::now() > deadline || stop() => return None,
            Ok(None) => {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(10));
            }
        }
    }
}

/// Ends all programs that run now, and what they have started. For a runner that is about to end.
pub fn end_all() {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    for number in running.iter() {
        kill_group(*number);
        kit::tidy_up(*number, MOST_CHECKS);
    }
}

/// Ends a program and all that it has started, where the system knows groups of programs.
#[cfg(unix)]
fn kill_group(number: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(number).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_number: u32) {}

/// The beginning of what a program prints.
struct Kept {
    text: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Kept {
    /// All of it, once the program has ended. Something that the program has started, and that has
    /// left its group, may hold the pipe open for ever: that is not waited for.
    fn text(self) -> String {
        let _ = self.end.recv_timeout(Duration::from_millis(500));
        let text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&text).into_owned()
    }
}

/// Reads to the end, and keeps the beginning.
fn keep(pipe: Option<impl Read + Send + 'static>, most: u64, printed: &Arc<AtomicU64>) -> Kept {
    let text = Arc::new(Mutex::new(Vec::new()));
    let (send, end) = channel();
    let (own, printed) = (Arc::clone(&text), Arc::clone(printed));
    if let Some(pipe) = pipe {
        thread::spawn(move || read(pipe, most, &own, &printed, &send));
    }
    Kept { text, end }
}

fn read(
    mut pipe: impl Read,
    most: u64,
    text: &Mutex<Vec<u8>>,
    printed: &AtomicU64,
    _end: &Sender<()>,
) {
    let mut buffer = [0; 8192];
    while let Ok(count) = pipe.read(&mut buffer) {
        if count == 0 {
            return;
        }
        printed.fetch_add(count as u64, Ordering::Relaxed);
        let mut text = text.lock().unwrap_or_else(PoisonError::into_inner);
        let room = usize::try_from(most)
            .unwrap_or(usize::MAX)
            .saturating_sub(text.len());
        text.extend_from_slice(&buffer[..count.min(room)]);
    }
}
