//! `watch`: saves of every kind, letters in a pipe, single keys on a terminal.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::common::{BITS, SHOUT, Tree};

/// Nothing here takes so long, unless it hangs.
const HANGS: Duration = Duration::from_secs(60);

/// What a program prints, as it comes.
struct Printed {
    pieces: Receiver<Vec<u8>>,
    text: String,
}

impl Printed {
    fn of(mut from: impl Read + Send + 'static) -> Self {
        let (send, pieces) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            pieces,
            text: String::new(),
        }
    }

    /// Waits until this is printed, and takes all up to it.
    #[track_caller]
    fn until(&mut self, what: &str) -> String {
        let begun = Instant::now();
        loop {
            if let Some(at) = self.text.find(what) {
                let rest = self.text.split_off(at + what.len());
                return std::mem::replace(&mut self.text, rest);
            }
            match self.pieces.recv_timeout(Duration::from_millis(100)) {
                Ok(piece) => self.text.push_str(&String::from_utf8_lossy(&piece)),
                Err(RecvTimeoutError::Timeout) if begun.elapsed() < HANGS => {}
                Err(error) => panic!("{error}, not printed: {what}\n{}", self.text),
            }
        }
    }
}

/// A watch with pipes.
struct Watch {
    child: Child,
    keys: Option<ChildStdin>,
    printed: Printed,
}

impl Watch {
    /// Starts the program.
    pub fn start(tree: &Tree, arguments: &[&str]) -> Self {
        let mut child = tree
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            keys: child.stdin.take(),
            printed: Printed::of(child.stdout.take().unwrap()),
            child,
        }
    }

    /// Presses a key, and Enter.
    pub fn press(&mut self, key: &str) {
        writeln!(self.keys.as_mut().unwrap(), "{key}").unwrap();
    }

    /// The verdict, up to the line with the keys.
    #[track_caller]
    pub fn verdict(&mut self) -> String {
        self.printed.until("-- checking ");
        self.printed.until("[q] quit, each with Enter")
    }
}

#[test]
fn each_way_to_save_is_seen() {
    for poll in [&["watch", BITS][..], &["watch", BITS, "--poll"]] {
        let tree = Tree::new();
        let mut watch = Watch::start(&tree, poll);
        assert!(watch.verdict().contains("FAILED   the octets of 100.4.5.6"));
        // Written anew.
        tree.answer(BITS, tree.solution(BITS));
        assert!(watch.verdict().contains("An octet as eight bits: passed."));
        // Written beside, and renamed.
        let beside = tree.exercise(BITS).join(".exercise.rs.swp");
        fs::write(&beside, tree.starter(BITS)).unwrap();
        fs::rename(&beside, tree.file(BITS)).unwrap();
        assert!(watch.verdict().contains("FAILED"));
        // Removed, and written.
        fs::remove_file(tree.file(BITS)).unwrap();
        tree.answer(BITS, tree.solution(BITS));
        assert!(watch.verdict().contains("passed."));
        // Emptied, and filled.
        let mut file = fs::File::create(tree.file(BITS)).unwrap();
        file.write_all(b"pub fn octet_to_bits(_: u8)").unwrap();
        file.flush().unwrap();
        file.write_all(b" -> String { String::new() }").unwrap();
        drop(file);
        let mut told = watch.verdict();
        if told.contains("error") {
            // The pause between the two was long enough for a verdict.
            told = watch.verdict();
        }
        assert!(told.contains("got       \"\""), "{told}");
        // An answer that does not compile, and no answer.
        tree.answer(BITS, "fn");
        assert!(watch.verdict().contains("It does not compile"));
        fs::remove_file(tree.file(BITS)).unwrap();
        assert!(watch.verdict().contains("exercise.rs is missing"));
        watch.press("q");
        assert!(watch.child.wait().unwrap().success());
    }
}

#[test]
fn what_is_saved_during_a_run_is_checked_after_it() {
    let tree = Tree::new();
    // It tells the outside that it runs, and then waits for the deadline.
    let sign = tree.path("runs");
    tree.answer(
        SHOUT,
        format!(
            "pub fn serve(_: &kit::net::TcpListener) -> std::io::Result<()> {{\n    let _ = std::fs::write({sign:?}, \"\");\n    loop {{ std::thread::park(); }}\n}}\n"
        ),
    );
    let mut watch = Watch::start(&tree, &["watch", SHOUT]);
    watch.printed.until("-- checking ");
    let begun = Instant::now();
    while !sign.exists() {
        assert!(begun.elapsed() < HANGS);
        thread::yield_now();
    }
    tree.answer(SHOUT, tree.solution(SHOUT));
    watch.printed.until("FAILED");
    watch.printed.until("-- checking ");
    watch.printed.until("Answer each line: passed.");
    watch.press("q");
    assert!(watch.child.wait().unwrap().success());
}

#[test]
fn letters_in_a_pipe_are_keys() {
    let tree = Tree::new();
    let mut watch = Watch::start(&tree, &["watch"]);
    watch.verdict();
    watch.press("h");
    watch.printed.until("Hint 1 of 3 for octet-to-bits");
    watch.press("L");
    watch.printed.until("0 of 2");
    watch.press("o");
    watch
        .printed
        .until("The task stands in lessons/01-ip-address/exercises/octet-to-bits/task.md");
    watch.press("n");
    watch.printed.until("Answer each line (shout-each-line)");
    assert!(watch.verdict().contains("a line is answered"));
    tree.answer(SHOUT, tree.solution(SHOUT));
    assert!(
        watch
            .verdict()
            .contains("`n` goes on with An octet as eight bits (octet-to-bits).")
    );
    // The end of the input ends it, with the last verdict.
    drop(watch.keys.take());
    assert!(watch.child.wait().unwrap().success());
    assert!(!tree.run(&["watch"]).good);
}

/// A watch on a terminal.
struct Terminal {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    master: Box<dyn portable_pty::MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    printed: Printed,
}

impl Terminal {
    fn start(tree: &Tree, arguments: &[&str], columns: u16) -> Self {
        let size = PtySize {
            rows: 24,
            cols: columns,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let like = tree.command(arguments);
        let mut command = CommandBuilder::new(like.get_program());
        command.args(like.get_args());
        command.cwd(tree.root());
        for (name, value) in like.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            }
        }
        command.env("TERM", "xterm");
        let child = pair.slave.spawn_command(command).unwrap();
        Self {
            child,
            printed: Printed::of(pair.master.try_clone_reader().unwrap()),
            keys: pair.master.take_writer().unwrap(),
            master: pair.master,
        }
    }

    fn press(&mut self, key: &[u8]) {
        self.keys.write_all(key).unwrap();
        self.keys.flush().unwrap();
    }

    /// The terminal's settings: lines or single keys, echo, which keys are signals.
    fn settings(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let settings = self.master.get_termios().unwrap();
        (
            settings.input_flags.bits(),
            settings.output_flags.bits(),
            settings.local_flags.bits(),
        )
    }
}

#[test]
fn single_keys_on_a_terminal() {
    let tree = Tree::new();
    let mut terminal = Terminal::start(&tree, &["watch", BITS], 80);
    let told = terminal.printed.until("[q] quit");
    assert!(told.contains("\u{1b}[1m\u{1b}[31mFAILED"), "{told:?}");
    terminal.press(b"h");
    terminal.printed.until("Hint 1 of 3");
    terminal.printed.until("[q] quit");
    terminal.press(b"l");
    terminal.printed.until("0 of 2");
    terminal.printed.until("[q] quit");
    tree.answer(BITS, tree.solution(BITS));
    terminal.printed.until("passed.");
    terminal.printed.until("[q] quit");
    terminal.press(b"n");
    terminal.printed.until("a line is answered");
    terminal.printed.until("[q] quit");
    terminal.press(b"q");
    assert!(terminal.child.wait().unwrap().success());
}

#[test]
fn a_key_that_is_offered_is_not_shown() {
    let tree = Tree::new();
    let mut terminal = Terminal::start(&tree, &["watch", BITS], 80);
    terminal.printed.until("[q] quit");
    tree.answer(BITS, tree.solution(BITS));
    terminal.printed.until("-- checking ");
    // Whatever happens to the file during a check is looked at after it, when the keys are offered.
    let file = fs::File::options().write(true).open(tree.file(BITS));
    file.unwrap().set_modified(SystemTime::now()).unwrap();
    terminal.printed.until("[q] quit");
    terminal.press(b"h");
    let told = terminal.printed.until("Hint 1 of 3");
    // Where this machine is so slow that it is taken for another save, it is checked again.
    if !told.contains("-- checking ") {
        let told = anstream::adapter::strip_str(&told).to_string();
        assert_eq!(told.trim(), "Hint 1 of 3");
    }
    terminal.printed.until("[q] quit");
    terminal.press(b"q");
    assert!(terminal.child.wait().unwrap().success());
}

#[test]
fn the_terminal_is_restored_however_it_ends() {
    for end in ["key", "ctrl-c", "signal"] {
        let tree = Tree::new();
        let mut terminal = Terminal::start(&tree, &["watch", BITS], 50);
        terminal.printed.until("octet-to-bits");
        let usual = terminal.settings();
        terminal.printed.until("[q] quit");
        assert_ne!(terminal.settings(), usual, "no single keys");
        match end {
            "key" => terminal.press(b"q"),
            "ctrl-c" => terminal.press(b"\x03"),
            _ => {
                let number = i32::try_from(terminal.child.process_id().unwrap()).unwrap();
                let number = rustix::process::Pid::from_raw(number).unwrap();
                rustix::process::kill_process(number, rustix::process::Signal::TERM).unwrap();
            }
        }
        terminal.child.wait().unwrap();
        assert_eq!(terminal.settings(), usual, "after {end}");
    }
}
