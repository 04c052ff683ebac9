//! The real programs while the system fails them: stopped and woken, killed, on a full disk, on one that
//! cannot be written, without IPv6, without a descriptor. (The other servers without a descriptor are among the
//! hostile peers.)
//!
//! Full and read-only file systems and networks without IPv6 are made in namespaces of the test's own
//! (namespaces(7)), without an administrator. Where the system makes none, such a test says so.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

mod clock;
mod descriptors;
mod namespaces;
mod signals;

/// No wait is longer.
const DEADLINE: Duration = Duration::from_secs(30);

/// The folder of the lessons' programs.
static BIN: LazyLock<PathBuf> = LazyLock::new(|| scenes::build_lessons().unwrap());

fn program(name: &str) -> PathBuf {
    BIN.join(name)
}

/// A running program, and the lines that it prints. Dropping it kills it.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // The test may have heard enough.
                let _ = sender.send(line);
            }
        });
        Self { child, lines }
    }

    /// The rest of the next line that begins so.
    fn line(&self, beginning: &str) -> String {
        let end = Instant::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).unwrap();
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// The endpoint in the next `listening on …`.
    fn endpoint(&self) -> SocketAddr {
        let line = self.line("listening on ");
        line.split(' ').next().unwrap().parse().unwrap()
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Stops the program and wakes it, again and again. A call that waits with a time limit fails then
    /// with `EINTR`, although no signal has a handler (signal(7), "Interruption of system calls … by
    /// stop signals").
    fn stop_and_go(&self) {
        for _ in 0..20 {
            self.signal(Signal::STOP);
            self.until_state('T');
            self.signal(Signal::CONT);
            // It waits in its calls again.
            self.until_state('S');
        }
    }

    /// How it ended.
    fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        until("it does not end", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    fn until_state(&self, state: char) {
        let path = format!("/proc/{}/stat", self.child.id());
        until(&format!("it is not in the state {state}"), || {
            let stat = fs::read_to_string(&path).unwrap();
            let (_, fields) = stat.rsplit_once(") ").unwrap();
            fields.starts_with(state)
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks until something is so, which announces nothing.
#[track_caller]
fn until(fault: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !is_so() {
        assert!(Instant::now() < end, "{fault}");
        thread::yield_now();
    }
}

fn disk(folder: &Path) -> Command {
    let mut command = Command::new(program("lesson-00-cs-vs-bs"));
    command.args(["serve", "--port", "0", "--http-port", "0", "--folder"]);
    command.arg(folder);
    command
}

fn call(at: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    BufReader::new(stream)
}

fn say(wire: &mut BufReader<TcpStream>, text: &str) {
    wire.get_mut().write_all(text.as_bytes()).unwrap();
}

fn hear(wire: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    wire.read_line(&mut line).unwrap();
    line
}

fn ask(wire: &mut BufReader<TcpStream>, text: &str) -> String {
    say(wire, text);
    hear(wire)
}
