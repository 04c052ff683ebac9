//! A server of the course, started as its own process and watched from outside.

use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use super::vitals::Vitals;

/// How long anything may take that is not part of an attack.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// So much of an output is kept; the rest is read and thrown away, because a server whose output
/// nobody reads would stop.
const KEPT: usize = 256 * 1024;

/// Octets of a long line that is typed.
const LINE: usize = 16 * 1024;

/// A running program. Dropping it ends it.
pub struct Program {
    child: Child,
    keyboard: Option<ChildStdin>,
    /// What it has printed.
    pub output: Arc<Output>,
    /// What it has complained about.
    pub complaints: Arc<Output>,
    last_seen: Option<Vitals>,
}

/// What a program has written to one of its outputs.
#[derive(Default)]
pub struct Output {
    text: Mutex<Text>,
    bell: Condvar,
}

#[derive(Default)]
struct Text {
    octets: Vec<u8>,
    /// Something that a terminal would obey was in it.
    raw_control: bool,
    ended: bool,
}

impl Output {
    fn lock(&self) -> MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.lock().octets).into_owned()
    }

    /// Whether something was printed that a terminal would obey: a control character, but line end and tab, or
    /// one that turns the direction of writing.
    pub fn has_raw_control(&self) -> bool {
        self.lock().raw_control
    }

    /// Waits until `found` finds what it looks for in the text from octet `from` on.
    ///
    /// # Errors
    /// It was not there at the deadline, or when the output ended.
    pub fn wait_for<T>(&self, what: &str, found: impl Fn(&str) -> Option<T>) -> Result<T> {
        let end = Instant::now() + DEADLINE;
        let mut text = self.lock();
        loop {
            let so_far = String::from_utf8_lossy(&text.octets);
            if let Some(value) = found(&so_far) {
                return Ok(value);
            }
            let left = end.saturating_duration_since(Instant::now());
            if text.ended || left.is_zero() {
                bail!("the program did not print {what}; it printed {so_far:?}");
            }
            text = self
                .bell
                .wait_timeout(text, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until all of it has been read.
    ///
    /// # Errors
    /// It is still open at the deadline.
    fn wait_for_end(&self) -> Result<()> {
        let (text, _) = self
            .bell
            .wait_timeout_while(self.lock(), DEADLINE, |text| !text.ended)
            .unwrap_or_else(PoisonError::into_inner);
        ensure!(text.ended, "the server has ended, and its output has not");
        Ok(())
    }

    fn gather(&self, mut from: impl Read) {
        let mut buffer = vec![0; 16 * 1024];
        let mut before = [0; 2];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let mut text = self.lock();
            for &octet in &buffer[..length] {
                text.raw_control |= ends_an_order(before, octet);
                before = [before[1], octet];
            }
            let room = KEPT.saturating_sub(text.octets.len()).min(length);
            text.octets.extend_from_slice(&buffer[..room]);
            self.bell.notify_all();
        }
        self.lock().ended = true;
        self.bell.notify_all();
    }
}

/// Whether this octet, behind these two, is the last of something that a terminal obeys, in UTF-8.
fn ends_an_order(before: [u8; 2], octet: u8) -> bool {
    match (before, octet) {
        (_, b'\n' | b'\t') => false,
        (_, ..b' ' | 0x7f)
        // U+0080 to U+009F.
        | ([_, 0xc2], 0x80..0xa0)
        // U+061C, U+200E and U+200F, U+2028 to U+202E, U+2066 to U+2069: ends of lines, and directions.
        | ([_, 0xd8], 0x9c)
        | ([0xe2, 0x80], 0x8e | 0x8f | 0xa8..=0xae)
        | ([0xe2, 0x81], 0xa6..=0xa9) => true,
        _ => false,
    }
}

impl Program {
    /// Starts `program` in `folder`, with `folder/tmp` for its temporary files, and with a limit of
    /// descriptors if one is given.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(
        program: &Path,
        arguments: &[&str],
        folder: &Path,
        descriptors: Option<u64>,
    ) -> Result<Self> {
        let mut command = match descriptors {
            None => Command::new(program),
            Some(limit) => {
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", "ulimit -n \"$0\" && exec \"$@\""]);
                shell.arg(limit.to_string()).arg(program);
                shell
            }
        };
        let mut child = command
            .args(arguments)
            .current_dir(folder)
            .env("TMPDIR", folder.join("tmp"))
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let (output, complaints) = (Arc::<Output>::default(), Arc::<Output>::default());
        if let Some(pipe) = child.stdout.take() {
            let output = Arc::clone(&output);
            thread::spawn(move || output.gather(pipe));
        }
        if let Some(pipe) = child.stderr.take() {
            let complaints = Arc::clone(&complaints);
            thread::spawn(move || complaints.gather(pipe));
        }
        Ok(Self {
            keyboard: child.stdin.take(),
            child,
            output,
            complaints,
            last_seen: None,
        })
    }

    /// The number by which the system knows it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it holds now; when it has ended, what it held when it was last looked at.
    pub fn vitals(&mut self) -> Option<Vitals> {
        self.last_seen = Vitals::of(self.child.id()).or(self.last_seen);
        self.last_seen
    }

    /// Types a line. Who has ended does not hear it.
    pub fn types(&mut self, line: &str) {
        if let Some(keyboard) = &mut self.keyboard {
            let _ = keyboard.write_all(format!("{line}\n").as_bytes());
        }
    }

    /// Types `octets` of this, in lines, and nothing after it, while the caller goes on. Who has ended, or
    /// does not read, hears no more. Gives the number of octets that were heard.
    pub fn types_on(&mut self, words: &str, octets: usize) -> Arc<AtomicUsize> {
        let line = words.repeat(LINE / words.len());
        let heard = Arc::new(AtomicUsize::new(0));
        if let Some(mut keyboard) = self.keyboard.take() {
            let heard = Arc::clone(&heard);
            thread::spawn(move || {
                while heard.load(Ordering::Relaxed) < octets
                    && keyboard.write_all(format!("{line}\n").as_bytes()).is_ok()
                {
                    heard.fetch_add(line.len(), Ordering::Relaxed);
                }
            });
        }
        heard
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // An error says that it has ended.
            let _ = kill_process(pid, Signal::INT);
        }
    }

    /// How it has ended, if it has.
    ///
    /// # Errors
    /// The system does not know it.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end, looking at it meanwhile, and for the end of what it has printed.
    ///
    /// # Errors
    /// It runs on after `limit`; something that it has left behind keeps its output open.
    pub fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
        let end = Instant::now() + limit;
        loop {
            self.vitals();
            if let Some(status) = self.ended()? {
                for output in [&self.output, &self.complaints] {
                    output.wait_for_end()?;
                }
                return Ok(status);
            }
            if Instant::now() > end {
                bail!("the server did not end within {limit:?}");
            }
            look_again();
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only when it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The pause between two looks at something that announces nothing, such as `/proc`.
pub fn look_again() {
    thread::park_timeout(Duration::from_millis(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_told_from_signs() {
        let seen = |text: &str| {
            let mut before = [0; 2];
            text.bytes().any(|octet| {
                let order = ends_an_order(before, octet);
                before = [before[1], octet];
                order
            })
        };
        for code in 0..=0x10_ffff {
            let Some(c) = char::from_u32(code) else {
                continue;
            };
            let is_order = lesson_00_cs_vs_bs::terminal::is_order(c) && !"\n\t".contains(c);
            assert_eq!(seen(&format!("a{c}b")), is_order, "{c:?}");
        }
    }

    #[test]
    fn all_that_a_program_has_printed_is_there_when_it_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let say = "head -c 3000000 /dev/zero | tr '\\0' x; printf '\\033[2J'";
        let mut program =
            Program::start(Path::new("/bin/sh"), &["-c", say], folder.path(), None).unwrap();
        assert!(program.wait(DEADLINE).unwrap().success());
        assert!(program.output.has_raw_control());
        assert!(!program.complaints.has_raw_control());
    }
}
