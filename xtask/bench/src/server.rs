//! Programs that run beside a measurement.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::process;

/// How long a server may take to begin, or to say what is expected.
const PATIENCE: Duration = Duration::from_secs(10);

/// A running program. It is ended when this goes away.
#[derive(Debug)]
pub struct Server {
    child: Child,
    lines: Option<Receiver<String>>,
}

impl Server {
    /// Starts a program whose output nobody wants.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self {
            child: process::start(command.stderr(Stdio::null()))?,
            lines: None,
        })
    }

    /// Starts a program that writes what it says to the file `log`.
    ///
    /// # Errors
    /// When it cannot be started, or there is no room for the file.
    pub fn logging(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).context("cannot make a log")?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?);
        Ok(Self {
            child: process::start(command.stderr(file))?,
            lines: None,
        })
    }

    /// Starts a program that is spoken to: its lines, whether output or errors, are read, and it has
    /// an input.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn talking(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = process::start(command.stderr(Stdio::piped()))?;
        let (said, lines) = mpsc::channel();
        let out: Option<ChildStdout> = child.stdout.take();
        let errors: Option<ChildStderr> = child.stderr.take();
        let also = said.clone();
        thread::spawn(move || pass_on(out, &said));
        thread::spawn(move || pass_on(errors, &also));
        Ok(Self {
            child,
            lines: Some(lines),
        })
    }

    /// Waits for a line that contains `words`, and returns it.
    ///
    /// # Errors
    /// When it does not come in time, or the program has ended.
    pub fn line(&self, words: &str) -> Result<String> {
        let lines = self.lines.as_ref().context("nobody listens to it")?;
        let begun = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(begun.elapsed());
            match lines.recv_timeout(left) {
                Ok(line) if line.contains(words) => return Ok(line),
                Ok(_) => {}
                Err(_) => bail!("a program that should say `{words}` did not"),
            }
        }
    }

    /// Its input, to write to.
    ///
    /// # Errors
    /// When it has none.
    pub fn input(&mut self) -> Result<&mut ChildStdin> {
        self.child.stdin.as_mut().context("it has no input")
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it does not end by itself in time, or fails.
    pub fn ended(&mut self) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                bail!("a program has failed: {status}");
            }
            pause();
        }
        bail!("a program does not end")
    }
}

impl Drop for Server {
    /// Asks it to end, and makes it end if it does not. (nginx, when it is not asked but killed, leaves
    /// its workers behind.)
    fn drop(&mut self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let (Ok(None), Some(pid)) = (self.child.try_wait(), pid) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < Duration::from_secs(2)
        {
            pause();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pass_on(from: Option<impl std::io::Read>, to: &mpsc::Sender<String>) {
    let Some(from) = from else { return };
    for line in BufReader::new(from).split(b'\n') {
        let Ok(line) = line else { return };
        if to
            .send(String::from_utf8_lossy(&line).into_owned())
            .is_err()
        {
            return;
        }
    }
}

/// A port of loopback that is free now. A peer that cannot choose one itself is given this one: if
/// somebody takes it in between, the peer says so, and the benchmark fails.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until `ready`. Peers do not say when they are ready, so it is asked again and again; nothing
/// is measured meanwhile.
///
/// # Errors
/// When it takes too long.
pub fn until(what: &str, mut ready: impl FnMut() -> bool) -> Result<()> {
    let begun = Instant::now();
    while !ready() {
        if begun.elapsed() > PATIENCE {
            bail!("{what} is not ready after {} seconds", PATIENCE.as_secs());
        }
        pause();
    }
    Ok(())
}

fn pause() {
    thread::sleep(Duration::from_millis(2));
}

/// Does somebody listen on this port? On Linux the system says it; elsewhere we call.
pub fn listens(port: u16) -> bool {
    if !cfg!(target_os = "linux") {
        return std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
    }
    // proc_pid_net(5): local address and port in hexadecimal digits, then the remote ones, then the
    // state; 0A is LISTEN. A call would be a connection, and some peers take only one.
    let end = format!(":{port:04X}");
    ["/proc/net/tcp", "/proc/net/tcp6"].iter().any(|file| {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().any(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.get(1).is_some_and(|local| local.ends_with(&end)) && words.get(3) == Some(&"0A")
        })
    })
}

/// The most memory that a running program has held so far, in octets. Only Linux says it.
pub fn peak(pid: u32) -> Option<f64> {
    kib(&format!("/proc/{pid}/status"), "VmHWM:")
}

/// The memory that a running program holds, shared pages divided among those that share them
/// (proportional set size, proc_pid_smaps(5)), in octets. Only Linux says it.
pub fn held(pid: u32) -> Option<f64> {
    kib(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

fn kib(file: &str, field: &str) -> Option<f64> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    let count: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(count * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn what_a_program_says_is_heard() {
        let mut cat = Server::talking(&mut Command::new("cat")).unwrap();
        cat.input().unwrap().write_all(b"one\nport 5\n").unwrap();
        assert_eq!(cat.line("port").unwrap(), "port 5");
        if cfg!(target_os = "linux") {
            assert!(held(cat.pid()).unwrap() > 0.0);
            assert!(peak(cat.pid()).unwrap() > 0.0);
        }
    }

    #[test]
    fn who_listens_is_seen() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(listens(port));
    }
}
