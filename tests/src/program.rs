//! A program in a terminal of its own: started, typed into, watched, ended.

use std::io::Read;
#[cfg(unix)]
use std::io::Write as _;
use std::path::Path;
use std::process::Child;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail};
use portable_pty::{MasterPty, PtySize, native_pty_system};

mod bell;
mod command;
mod keyboard;

pub use bell::Bell;
pub(crate) use command::{has_shell_sign, shown};
use keyboard::Keyboard;

use crate::course;
use crate::live::Seat;
use crate::scene::Key;
use crate::screen::Screen;
use crate::slot::Slot;

/// One program, running or ended.
pub struct Program {
    shared: Arc<Shared>,
    pid: u32,
    keyboard: Keyboard,
    /// Waited for when this is dropped: until then its ID, which is also its group's, is no other's.
    child: Child,
    /// Learns the exit code.
    waiter: Option<JoinHandle<()>>,
    /// Held open: the terminal lasts as long as its window.
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "Windows gives its terminals no names")
    )]
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
    seat: Option<Seat>,
}

impl Shared {
    /// Notes half of a program's end. With the second half the audience is told first, so that it does
    /// not hear of a later step before it.
    fn learn(&self, bell: &Bell, half: impl FnOnce(&mut State)) {
        let ended = {
            let mut state = lock(&self.state);
            half(&mut state);
            state.code.filter(|_| state.all_read)
        };
        if let Some(code) = ended {
            if let Some(seat) = &self.seat {
                seat.ended(code);
            }
            lock(&self.state).ended = Some(code);
        }
        bell.ring();
    }
}

#[derive(Default, Clone, Copy)]
struct State {
    code: Option<i32>,
    all_read: bool,
    /// The exit code, once both are known and the audience has been told.
    ended: Option<i32>,
}

/// A command, and where it runs.
pub struct Launch<'a> {
    /// The command as the scene has it, with this run's ports and values.
    pub command: &'a str,
    /// What is put in the place of the command's slots.
    pub slots: &'a [Slot],
    /// The folder of the lessons' programs.
    pub bin: &'a Path,
    /// The folder to run in.
    pub dir: &'a Path,
    /// Rung when something happens.
    pub bell: &'a Arc<Bell>,
    /// Who is shown what the program does; nobody in a test.
    pub seat: Option<Seat>,
}

impl Program {
    /// Starts a command.
    ///
    /// # Errors
    /// When the command is not one that a scene may use, or cannot be started.
    pub fn start(launch: Launch) -> Result<Self> {
        let Launch {
            command,
            slots,
            bin,
            dir,
            bell,
            seat,
        } = launch;
        let mut builder = command::build(command, slots, bin)?;
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
        let keyboard = Keyboard::new(pair.master.take_writer()?, bell);
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

        if let Some(seat) = &seat {
            seat.started(&shown(command, slots), pid);
        }
        let shared = Arc::new(Shared {
            seat,
            ..Shared::default()
        });
        let (for_reader, for_waiter) = (Arc::clone(&shared), Arc::clone(&shared));
        let (reader_bell, waiter_bell) = (Arc::clone(bell), Arc::clone(bell));
        std::thread::spawn(move || read_all(output, &for_reader, &reader_bell));
        let waiter = std::thread::spawn(move || {
            let code = exit_code(pid);
            for_waiter.learn(&waiter_bell, |state| state.code = Some(code));
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
        lock(&self.shared.state).ended
    }

    /// Whether it has ended, even if its audience has not heard of it yet.
    pub(crate) fn is_over(&self) -> bool {
        let state = *lock(&self.shared.state);
        state.code.is_some() && state.all_read
    }

    /// Types octets into its terminal, as soon as it takes them.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn type_octets(&self, octets: &[u8]) -> Result<()> {
        self.keyboard.press(octets)
    }

    /// Says whether the terminal has taken what was typed so far.
    ///
    /// # Errors
    /// When it could not.
    pub fn check_typed(&self) -> Result<()> {
        self.keyboard.check()
    }

    /// How many octets were typed that the terminal has not taken yet.
    pub fn untaken(&self) -> usize {
        self.keyboard.untaken()
    }

    /// Presses a key, or sends the signal that the key stands for.
    ///
    /// # Errors
    /// When the program is gone.
    pub fn press(&self, key: Key) -> Result<()> {
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
    fn interrupt(&self) -> Result<()> {
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
    fn interrupt(&self) -> Result<()> {
        self.type_octets(&[0x03])
    }

    /// Each program leads a process group of its own; a signal goes to the whole group.
    #[cfg(unix)]
    fn signal(&self, signal: Signal) -> Result<()> {
        signal_group(self.pid, signal)
    }

    /// Ends it, and what it has left in the background.
    pub fn kill(&self) {
        // A test's programs stay in their groups, and it has no time to look at all processes.
        if self.shared.seat.is_some() {
            kill_session(self.pid);
        }
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
        if let Some(seat) = &self.shared.seat {
            seat.buried(self.pid);
        }
        let _ = self.child.wait();
    }
}

/// Ends all processes of a group and, where the system lists them, of the session that its leader leads:
/// a program may have put others into groups of their own.
pub(crate) fn kill_session(leader: u32) {
    #[cfg(unix)]
    let _ = signal_group(leader, Signal::KILL);
    #[cfg(not(unix))]
    let _ = leader;
    #[cfg(target_os = "linux")]
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        if session(&process.path()) == Some(leader) {
            let name = process.file_name();
            let id = name.to_str().and_then(|name| name.parse().ok());
            if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
                let _ = rustix::process::kill_process(id, Signal::KILL);
            }
        }
    }
}

/// The session of a process, from its folder in `/proc` (proc_pid_stat(5)). Its name may hold anything
/// and stands in round brackets; the session is the fourth field behind them.
#[cfg(target_os = "linux")]
fn session(process: &Path) -> Option<u32> {
    let stat = std::fs::read(process.join("stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(3)?.parse().ok()
}

#[cfg(unix)]
fn signal_group(group: u32, signal: Signal) -> Result<()> {
    let group = i32::try_from(group)
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    let group = group.context("the program has no process ID")?;
    rustix::process::kill_process_group(group, signal).context("cannot send the signal")
}

#[cfg(unix)]
use rustix::process::Signal;

#[cfg(not(unix))]
#[expect(clippy::upper_case_acronyms, reason = "the names that rustix has")]
enum Signal {
    HUP,
    KILL,
    TERM,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads to the end. Linux ends a pseudo-terminal's output with an error (EIO), macOS with an end of file.
///
/// Linux may say so too early: it looks whether there is input, then whether the other side is closed,
/// and a program may write its last lines and end in between. Whoever reads once more gets them.
fn read_all(mut output: Box<dyn Read + Send>, shared: &Shared, bell: &Bell) {
    let mut buffer = vec![0; 16 * 1024];
    let mut ends = 0;
    while ends < 2 {
        let Ok(octets @ 1..) = output.read(&mut buffer) else {
            ends += 1;
            continue;
        };
        ends = 0;
        // A slow audience makes the program wait, as a slow terminal does.
        if let Some(seat) = &shared.seat {
            seat.output(&buffer[..octets]);
        }
        lock(&shared.screen).write(&buffer[..octets]);
        bell.ring();
    }
    shared.learn(bell, |state| state.all_read = true);
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
