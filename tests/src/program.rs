//! A program in a terminal of its own: started, typed into, watched, ended.

use std::io::{Read, Write};
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::course;
use crate::scene::Key;
use crate::screen::Screen;

/// Tools that a scene may use beside the lessons' programs. All are in POSIX.
const TOOLS: [&str; 11] = [
    "cat", "ls", "rm", "mkdir", "printf", "ln", "touch", "chmod", "wc", "head", "cp",
];

/// Something has happened in one of the terminals: the bell that every waiting step listens to.
#[derive(Default)]
pub struct Bell {
    rung: Mutex<()>,
    wake: Condvar,
}

impl Bell {
    fn ring(&self) {
        // Held while ringing, so that nobody who has just looked misses it.
        let _rung = lock(&self.rung);
        self.wake.notify_all();
    }

    /// Waits until `ready` returns something, and looks again whenever the bell rings. Returns
    /// `None` at the deadline.
    pub fn wait<T>(&self, limit: Duration, mut ready: impl FnMut() -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut guard = lock(&self.rung);
        loop {
            if let Some(seen) = ready() {
                return Some(seen);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            guard = self
                .wake
                .wait_timeout(guard, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// One program, running or ended.
pub struct Program {
    shared: Arc<Shared>,
    pid: u32,
    keyboard: Box<dyn Write + Send>,
    /// Waited for when this is dropped: until then its ID, which is also its group's, is no other's.
    child: Child,
    /// Learns the exit code.
    waiter: Option<JoinHandle<()>>,
    /// Held open: the terminal lasts as long as its window.
    window: Box<dyn MasterPty + Send>,
}

/// Held while a program starts, and while somebody tries whether a port is free.
///
/// A new process has everything open that its parent has, until it becomes another program: a socket
/// that was closed here would keep its port for that long.
pub(crate) fn starting() -> MutexGuard<'static, ()> {
    static STARTING: Mutex<()> = Mutex::new(());
    lock(&STARTING)
}

#[derive(Default)]
struct Shared {
    screen: Mutex<Screen>,
    state: Mutex<State>,
}

#[derive(Default, Clone, Copy)]
struct State {
    code: Option<i32>,
    all_read: bool,
}

impl Program {
    /// Starts a command in the folder `dir`, with the lessons' programs in `bin`.
    ///
    /// # Errors
    /// When the command is not one that a scene may use, or cannot be started.
    pub fn start(command: &str, bin: &Path, dir: &Path, bell: &Arc<Bell>) -> Result<Self> {
        let mut builder = build(command, bin)?;
        builder.cwd(dir);
        builder.env_clear();
        // Nothing of the reader's settings may change what a program prints.
        let path = std::env::join_paths([bin, Path::new("/usr/bin"), Path::new("/bin")])?;
        builder.env("PATH", path);
        builder.env("HOME", dir);
        builder.env("TMPDIR", dir);
        builder.env("TERM", "xterm-256color");
        builder.env("LANG", "C.UTF-8");
        builder.env("LC_ALL", "C.UTF-8");
        builder.env("TZ", "UTC");
        if course::is_chore(command) {
            for (name, value) in course::environment() {
                builder.env(name, value);
            }
        }
        #[cfg(unix)]
        builder.umask(Some(0o022));

        let (rows, cols) = Screen::size();
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system()
            .openpty(size)
            .context("cannot open a pseudo-terminal")?;
        let keyboard = pair.master.take_writer()?;
        let output = pair.master.try_clone_reader()?;
        let started = {
            let _alone = starting();
            pair.slave.spawn_command(builder)
        };
        let child = started.with_context(|| format!("cannot start `{command}`"))?;
        // Our copy of the program's side must go, or its output would never end.
        drop(pair.slave);
        let child: Box<dyn portable_pty::Child> = child;
        let Ok(child) = child.downcast::<Child>() else {
            bail!("this system's pseudo-terminals start no ordinary processes");
        };
        let pid = child.id();

        let shared = Arc::new(Shared::default());
        let (for_reader, for_waiter) = (Arc::clone(&shared), Arc::clone(&shared));
        let (reader_bell, waiter_bell) = (Arc::clone(bell), Arc::clone(bell));
        std::thread::spawn(move || read_all(output, &for_reader, &reader_bell));
        let waiter = std::thread::spawn(move || {
            let code = exit_code(pid);
            lock(&for_waiter.state).code = Some(code);
            waiter_bell.ring();
        });
        Ok(Self {
            shared,
            pid,
            keyboard,
            child: *child,
            waiter: Some(waiter),
            window: pair.master,
        })
    }

    /// What it shows now.
    pub fn screen(&self) -> MutexGuard<'_, Screen> {
        lock(&self.shared.screen)
    }

    /// Its exit code, once it has ended and everything it wrote has been read.
    pub fn ended(&self) -> Option<i32> {
        let state = *lock(&self.shared.state);
        state.code.filter(|_| state.all_read)
    }

    /// Types octets into its terminal.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn type_octets(&mut self, octets: &[u8]) -> Result<()> {
        self.keyboard
            .write_all(octets)
            .and_then(|()| self.keyboard.flush())
            .context("cannot type")
    }

    /// Presses a key, or sends the signal that the key stands for.
    ///
    /// # Errors
    /// When the program is gone.
    pub fn press(&mut self, key: Key) -> Result<()> {
        match key {
            Key::CtrlC => self.interrupt(),
            Key::CtrlD => self.type_octets(&[0x04]),
            Key::Close => self.signal(Signal::HUP),
            Key::Kill => self.signal(Signal::KILL),
            Key::Terminate => self.signal(Signal::TERM),
        }
    }

    /// What the terminal does on Ctrl-C, in an order that is the same in every run: it shows `^C`, then
    /// it interrupts the foreground group. Left to the system, the signal comes first and throws away
    /// what the terminal has not yet shown: the echo, and even the program's last lines.
    ///
    /// The echo is written to the program's own side of the terminal, so it comes behind all that the
    /// program has written.
    #[cfg(unix)]
    fn interrupt(&mut self) -> Result<()> {
        use std::os::unix::fs::OpenOptionsExt;

        let terminal = self.window.tty_name().context("the terminal has no name")?;
        let no_controlling_terminal = rustix::fs::OFlags::NOCTTY.bits();
        std::fs::OpenOptions::new()
            .write(true)
            .custom_flags(i32::try_from(no_controlling_terminal)?)
            .open(terminal)
            .and_then(|mut terminal| terminal.write_all(b"^C"))
            .context("the terminal is gone")?;
        self.signal(Signal::INT)
    }

    #[cfg(not(unix))]
    fn interrupt(&mut self) -> Result<()> {
        self.type_octets(&[0x03])
    }

    /// Each program leads a process group of its own; a signal goes to the whole group.
    #[cfg(unix)]
    fn signal(&self, signal: Signal) -> Result<()> {
        let pid = i32::try_from(self.pid)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        let pid = pid.context("the program has no process ID")?;
        rustix::process::kill_process_group(pid, signal).context("cannot send the signal")
    }

    /// Ends it, and what it has left in the background.
    pub fn kill(&self) {
        let _ = self.signal(Signal::KILL);
    }

    #[cfg(not(unix))]
    fn signal(&self, _signal: Signal) -> Result<()> {
        bail!("this system has no signals to send to process {}", self.pid)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if let Some(waiter) = self.waiter.take() {
            let _ = waiter.join();
        }
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
use rustix::process::Signal;

#[cfg(not(unix))]
enum Signal {
    HUP,
    KILL,
    TERM,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_all(mut output: Box<dyn Read + Send>, shared: &Shared, bell: &Bell) {
    let mut buffer = vec![0; 16 * 1024];
    // Linux ends a pseudo-terminal's output with an error (EIO), macOS with an end of file.
    while let Ok(octets @ 1..) = output.read(&mut buffer) {
        lock(&shared.screen).write(&buffer[..octets]);
        bell.ring();
    }
    lock(&shared.state).all_read = true;
    bell.ring();
}

/// Waits for the end of a child. The exit code is as a shell gives it: 128 + n for signal n.
///
/// The child stays known to the system (a zombie): only [`Child::wait`] gives its ID free.
#[cfg(unix)]
fn exit_code(pid: u32) -> i32 {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return -1;
    };
    let only_look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    loop {
        match waitid(WaitId::Pid(pid), only_look) {
            Ok(Some(status)) => {
                let signal = status.terminating_signal().map(|signal| 128 + signal);
                return status.exit_status().or(signal).unwrap_or(-1);
            }
            Err(rustix::io::Errno::INTR) => {}
            Ok(None) | Err(_) => return -1,
        }
    }
}

#[cfg(not(unix))]
fn exit_code(_pid: u32) -> i32 {
    -1
}

/// The command line of a scene as something to start: a program with its arguments, or `sh`.
fn build(command: &str, bin: &Path) -> Result<CommandBuilder> {
    let words = shell_words::split(command).with_context(|| format!("cannot read `{command}`"))?;
    let program = words.first().context("expected a command")?;
    if let Some(arguments) = course::chore(&words) {
        let mut builder = CommandBuilder::new(course::program(bin));
        builder.args(arguments);
        return Ok(builder);
    }
    let lesson = program == "ip-demo" || program.starts_with("lesson-");
    if !lesson && !TOOLS.contains(&program.as_str()) {
        bail!(
            "expected one of the lessons' programs, `cargo xtask exercise` or {}, found `{program}`",
            TOOLS.join(", ")
        );
    }
    if has_shell_sign(command) {
        let mut builder = CommandBuilder::new("/bin/sh");
        builder.args(["-c", command]);
        return Ok(builder);
    }
    let file = bin.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if lesson && !file.exists() {
        bail!(
            "there is no program {}: is its package built?",
            file.display()
        );
    }
    let mut builder = if lesson {
        CommandBuilder::new(file)
    } else {
        CommandBuilder::new(program)
    };
    builder.args(&words[1..]);
    Ok(builder)
}

/// Whether a sign outside quotation marks asks for a shell.
fn has_shell_sign(command: &str) -> bool {
    let mut quote = None;
    command.chars().any(|ch| {
        match quote {
            Some(open) if ch == open => quote = None,
            None if ch == '\'' || ch == '"' => quote = Some(ch),
            _ => {}
        }
        quote.is_none() && "|<>;&".contains(ch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signs_outside_quotes_ask_for_a_shell() {
        assert!(has_shell_sign("cat a | wc"));
        assert!(has_shell_sign("ip-demo < a"));
        assert!(!has_shell_sign("ip-demo 'a|b' \"<\""));
    }

    #[test]
    fn a_scene_cannot_start_just_anything() {
        let error = build("curl example.org", Path::new("/nowhere"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("found `curl`"), "{error}");
        let error = build("lesson-99-none", Path::new("/nowhere"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("is its package built?"), "{error}");
    }
}
