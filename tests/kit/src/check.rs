//! One check of an exercise, and the run of all of them.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::failure::{Failure, Kind, Outcome, plainly};
use crate::folder;
use crate::listening::Listening;
use crate::net;
use crate::peer::Peer;
use crate::report::Event;
use crate::running::{Got, Running};
use crate::story;
use crate::udp_peer::Datagrams;
use crate::wait;

/// The environment variable that names the report's file.
pub const REPORT: &str = "KIT_REPORT";

/// The checks of an exercise, in the order in which they run: what each proves, and its function.
pub type Checks<'a> = &'a [(&'a str, fn(&Check) -> Outcome)];

/// What a check has at hand: a folder of its own, and the means to start the student's code and to
/// meet it.
pub struct Check {
    pub(crate) folder: PathBuf,
}

impl Check {
    /// An empty folder for this check alone. Its path is short enough for a Unix socket's name.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says in the story what the check has prepared: `a file that nobody listens on stands at s.sock`.
    pub fn tell(&self, what: &str) {
        story::step("the check", what, &[]);
    }

    /// Starts the student's code in a thread of its own. `name` is what the story calls it, such as
    /// `your server`.
    pub fn start<T: Send + 'static>(
        &self,
        name: &str,
        code: impl FnOnce() -> T + Send + 'static,
    ) -> Running<T> {
        Running::start(name, code)
    }

    /// Calls the student's code and waits for what it returns. `call` is how the story writes it, such
    /// as `octet_to_bits(5)`.
    ///
    /// # Errors
    /// When it panics, or does not return.
    pub fn call<T: Send + 'static>(
        &self,
        call: impl AsRef<str>,
        code: impl FnOnce() -> T + Send + 'static,
    ) -> Outcome<Got<T>> {
        let call = format!("`{}`", call.as_ref());
        let unmet = format!("{call} returns");
        Running::start(&call, code).value(&unmet)
    }

    /// A listening socket for the student's server, on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn listener(&self) -> Outcome<net::TcpListener> {
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = prepared("a listening socket", socket)?;
        let address = prepared("its address", listener.local_addr())?;
        story::listens(address);
        story::name_address(address, "your listening socket");
        story::step(
            "the check",
            format!("made a listening socket on {address}"),
            &[],
        );
        Ok(net::TcpListener::given(listener))
    }

    /// A UDP socket for the student's code, on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn udp_socket(&self) -> Outcome<net::UdpSocket> {
        let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
        let socket = prepared("a UDP socket", socket)?;
        let address = prepared("its address", socket.local_addr())?;
        story::name_address(address, "your socket");
        story::step("the check", format!("made a UDP socket on {address}"), &[]);
        Ok(net::UdpSocket::given(socket))
    }

    /// Connects to the student's server. `name` is what the story calls this end: `the client`.
    ///
    /// # Errors
    /// When nobody listens there.
    pub fn connect(&self, name: &str, address: SocketAddr) -> Outcome<Peer> {
        let stream = story::connect(name, address, || {
            // An address that answers nothing would hold the check for minutes.
            TcpStream::connect_timeout(&address, wait::left())
        });
        let peer = stream.and_then(|stream| Peer::tcp(name, stream, address));
        peer.map_err(|error| {
            let unmet = format!("{name} connects to {address}: {}", plainly(&error));
            Failure::new(Kind::Error, unmet, format!("{:?}", error.kind()))
        })
    }

    /// A connected pair: the check's end, and the stream for the student's code.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn pair(&self, name: &str) -> Outcome<(Peer, net::TcpStream)> {
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = prepared("a listening socket", socket)?;
        let address = prepared("its address", listener.local_addr())?;
        let peer = self.connect(name, address)?;
        let (stream, _) = prepared("a connection", listener.accept())?;
        Ok((peer, stream.into()))
    }

    /// A listening socket of the check, for the student's client. `name` is what the story calls it:
    /// `the server`.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn server(&self, name: &str) -> Outcome<Listening> {
        let make = || {
            let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let address = socket.local_addr()?;
            story::step(name, format!("listens on {address}"), &[]);
            Listening::tcp(name, socket)
        };
        prepared("a listening socket", make())
    }

    /// A UDP socket of the check, on a free port of 127.0.0.1. `name` is what the story calls it.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn datagrams(&self, name: &str) -> Outcome<Datagrams> {
        let make = || {
            let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
            let address = socket.local_addr()?;
            story::step(name, format!("is bound to {address}"), &[]);
            Datagrams::new(name, socket)
        };
        prepared("a UDP socket", make())
    }

    /// Waits until the student's code does nothing more by itself: each of its threads has ended, or
    /// waits in a call. Whatever it was going to do without being asked, it has done.
    ///
    /// [`Peer::until_read`] returns as soon as the code waits for anything; this one makes sure that it
    /// goes on waiting.
    pub fn until_still(&self) {
        wait::until_still();
    }

    /// A step that did not come true, for what no method here checks. `detail` tells it from others,
    /// and is the same in every run.
    ///
    /// # Errors
    /// Always.
    pub fn fail(&self, unmet: impl Into<String>, detail: impl Into<String>) -> Outcome {
        Err(Failure::new(Kind::Value, unmet, detail))
    }
}

#[cfg(unix)]
impl Check {
    /// Connects to the student's server at a path. `name` is what the story calls this end.
    ///
    /// # Errors
    /// When nobody listens there.
    pub fn connect_path(&self, name: &str, path: &Path) -> Outcome<Peer> {
        let connect = || {
            let stream = std::os::unix::net::UnixStream::connect(path)?;
            story::step(name, "connected", &[]);
            Peer::unix(name, stream)
        };
        connect().map_err(|error| {
            let unmet = format!("{name} connects: {}", plainly(&error));
            Failure::new(Kind::Error, unmet, format!("{:?}", error.kind()))
        })
    }

    /// A listening socket for the student's server, at a path.
    ///
    /// # Errors
    /// When the path is taken.
    pub fn listener_path(&self, path: &Path) -> Outcome<crate::unix::UnixListener> {
        let socket = std::os::unix::net::UnixListener::bind(path);
        let listener = prepared("a listening socket", socket)?;
        story::step("the check", "made a listening socket", &[]);
        Ok(crate::unix::UnixListener::given(listener))
    }

    /// A listening socket of the check at a path, for the student's client.
    ///
    /// # Errors
    /// When the path is taken.
    pub fn server_path(&self, name: &str, path: &Path) -> Outcome<Listening> {
        let make = || {
            let socket = std::os::unix::net::UnixListener::bind(path)?;
            story::step(name, "listens", &[]);
            Listening::unix(name, socket)
        };
        prepared("a listening socket", make())
    }

    /// A connected pair of Unix streams: the check's end, and the stream for the student's code.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn unix_pair(&self, name: &str) -> Outcome<(Peer, crate::unix::UnixStream)> {
        let make = || {
            let (own, other) = std::os::unix::net::UnixStream::pair()?;
            Ok((Peer::unix(name, own)?, other.into()))
        };
        prepared("a pair of sockets", make())
    }
}

/// What the check itself needs, and the system refused: not the student's fault.
pub(crate) fn prepared<T>(what: &str, result: io::Result<T>) -> Outcome<T> {
    result.map_err(|error| {
        let unmet = format!("the check needs {what}, and this machine gives none: {error}");
        Failure::new(Kind::Error, unmet, format!("{:?}", error.kind()))
    })
}

/// Runs the checks of an exercise, one after the other, and reports on them. Exit code 0 means that
/// all are passed.
///
/// The report goes to the file that the environment variable `KIT_REPORT` names; without it the
/// failures are printed.
pub fn run(checks: Checks) -> ExitCode {
    let words = match open_report() {
        Ok(words) => words,
        Err(error) => {
            eprintln!("cannot write the report: {error}");
            return ExitCode::FAILURE;
        }
    };
    note_panics();
    story::enter_as_check();
    wait::start_clock();
    story::say(Event::Checks(checks.len()));
    let mut all_passed = true;
    let mut out_of_time = false;
    for (number, (name, check)) in checks.iter().enumerate() {
        story::begin(name);
        if out_of_time {
            story::say(Event::Skip);
            continue;
        }
        let outcome = match own_folder(number) {
            Ok(own) => {
                let outcome = guarded(*check, &own);
                folder::remove(&own.folder);
                outcome
            }
            Err(error) => prepared("a folder", Err(error)),
        };
        let event = match outcome {
            Ok(()) => Event::Pass,
            Err(failure) => {
                all_passed = false;
                out_of_time = matches!(failure.kind, Kind::Deadline | Kind::Spin);
                Event::Fail(failure)
            }
        };
        story::say(event);
    }
    // Only the word that is true: a thread of the student's code may read it there.
    story::say(Event::Done(if all_passed {
        words.passed
    } else {
        words.failed
    }));
    print_failures();
    // Threads of the student's code may still run: they end with the program.
    if all_passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The runner's words for the end of the report: nobody else knows them.
#[derive(Default)]
struct Words {
    passed: String,
    failed: String,
}

/// Opens the report's file and takes the words out that the runner has put there, a line each.
fn open_report() -> io::Result<Words> {
    let mut text = String::new();
    if let Some(path) = std::env::var_os(REPORT) {
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        file.read_to_string(&mut text)?;
        file.set_len(0)?;
        file.rewind()?;
        story::report_to(file);
    }
    let mut lines = text.lines().map(str::to_owned);
    Ok(Words {
        passed: lines.next().unwrap_or_default(),
        failed: lines.next().unwrap_or_default(),
    })
}

/// A check's own panic is a defect of the check, and must not look like an answer to the student.
fn guarded(check: fn(&Check) -> Outcome, own: &Check) -> Outcome {
    let result = catch_unwind(AssertUnwindSafe(|| check(own)));
    let outcome = result.unwrap_or_else(|_| {
        let unmet = "the check itself has panicked: this is a fault of the exercise, not yours";
        Err(Failure::new(Kind::Error, unmet, "the check panicked"))
    });
    // The student's code may have panicked in a thread that nobody waited for.
    if outcome.is_ok() && story::failed().is_some() {
        return Err(Failure::new(Kind::Panic, "your code does not panic", ""));
    }
    outcome
}

fn own_folder(number: usize) -> io::Result<Check> {
    folder::make(number).map(|folder| Check { folder })
}

/// Writes panics of the student's code into the story, in place of the message on the terminal.
fn note_panics() {
    let own = std::thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() == own {
            eprintln!("the check {info}");
            return;
        }
        let payload = info.payload();
        let message = (payload.downcast_ref::<&str>().copied())
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("(no message)");
        let place = info.location().map_or_else(String::new, |place| {
            format!("{}:{}", place.file(), place.line())
        });
        story::panicked(message, &place);
    }));
}

/// For who runs a check without the runner.
fn print_failures() {
    let said = story::said();
    if said.is_empty() {
        // The student's code may hold standard output for ever.
        return;
    }
    let mut name = String::new();
    let mut out = io::stdout().lock();
    for event in said {
        let line = match event {
            Event::Begin(begun) => {
                name = begun;
                continue;
            }
            Event::Pass => format!("passed: {name}"),
            Event::Skip => format!("not run: {name}"),
            Event::Fail(failure) => format!("FAILED: {name}: {}", failure.unmet),
            _ => continue,
        };
        let _ = writeln!(out, "{line}");
    }
}
