//! Every peer against every server, and the record of it.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use super::cell;
use super::chat::{self, Mode};
use super::limits;
use super::server::Course;
use super::stop::Stop;
use super::verdict::{CALM, Found, Late, Noise};
use crate::attack::Settings;
use crate::peer::{self, Kind, Peer};

/// Where the book reads it, from the repository's root.
pub const RECORD: &str = "book/measured/hostile.json";

/// A server with a name in the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// One that serves many at a time.
    Course(Course),
    /// The chat server.
    Chat(Mode),
}

/// One peer against one server.
#[derive(Clone, Copy)]
pub struct Cell {
    /// The server.
    pub server: Server,
    /// The peer.
    pub peer: &'static Peer,
}

impl Server {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Course(course) => course.name(),
            Self::Chat(mode) => mode.name(),
        }
    }

    fn bound_kib(self) -> u64 {
        match self {
            Self::Course(course) => course.bound_kib(),
            Self::Chat(_) => chat::BOUND_KIB,
        }
    }
}

impl Cell {
    /// All cells: each server with each peer that can trouble it.
    pub fn all() -> Vec<Self> {
        let mut cells = Vec::new();
        for course in Course::ALL {
            let peers = peer::ALL.iter().filter(|peer| course.meets(peer));
            cells.extend(peers.map(|peer| Self {
                server: Server::Course(course),
                peer,
            }));
        }
        for mode in Mode::ALL {
            let peers = peer::ALL.iter().filter(|peer| Mode::meets(peer));
            cells.extend(peers.map(|peer| Self {
                server: Server::Chat(mode),
                peer,
            }));
        }
        cells
    }

    /// `server/peer`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.server.name(), self.peer.name)
    }

    /// Runs it; again, if it is only [`Late`], so many `times` in all: somebody else may have used the
    /// machine.
    ///
    /// # Errors
    /// What the server owed and did not give.
    pub fn run(&self, bin: &Path, size: &Size, times: u32) -> Result<Found> {
        for time in 1..times {
            match self.run_once(bin, size) {
                Err(error) if error.is::<Late>() => {
                    let _ = writeln!(io::stderr(), "{}, time {time}: {error:#}", self.name());
                }
                result => return result,
            }
        }
        self.run_once(bin, size)
    }

    fn run_once(&self, bin: &Path, size: &Size) -> Result<Found> {
        let settings = |speech| Settings {
            speech,
            octets: size.flood,
            // A server that loses patience does so by its clock, however many octets come until then.
            pace: Duration::from_millis(100),
            ..Settings::default()
        };
        match self.server {
            Server::Course(course) => {
                let settings = settings(course.speech());
                cell::run(course, self.peer, settings, size.noise, bin)
            }
            Server::Chat(mode) => {
                let mut settings = settings(crate::speech::Speech::Chat);
                // More wait in the queue than the one who is taken.
                settings.connections = (self.peer.name == "crowd").then_some(100);
                chat::run(mode, self.peer, &settings, size.variations, size.noise, bin)
            }
        }
    }
}

/// How often a cell is run that is only late, where nothing else of ours runs beside it.
pub const TIMES: u32 = 3;

/// How much of an attack is made.
#[derive(Debug)]
pub struct Size {
    /// Octets of a flood.
    pub flood: u64,
    /// Of a chat's hostile callers those with these numbers.
    pub variations: &'static [usize],
    /// What is not judged.
    pub noise: Noise,
}

impl Size {
    /// All of it, for the matrix.
    pub const FULL: Self = Self {
        flood: 100_000_000,
        variations: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        noise: Noise::QUIET,
    };

    /// A part, for tests.
    pub const fn small(noise: Noise) -> Self {
        Self {
            flood: 32_000_000,
            variations: &[2, 1, 7],
            noise,
        }
    }
}

/// The whole record.
#[derive(Debug, Serialize)]
struct Record {
    date: String,
    machine: String,
    profile: &'static str,
    noise_us: u128,
    slow_us: u128,
    longest_us: u128,
    calm_percent: u64,
    servers: Vec<ServerRow>,
    peers: Vec<PeerRow>,
    cells: Vec<CellRow>,
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
struct ServerRow {
    name: &'static str,
    bound_kib: u64,
}

#[derive(Debug, Serialize)]
struct PeerRow {
    name: &'static str,
    about: &'static str,
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct CellRow {
    server: &'static str,
    peer: &'static str,
    /// `stands`, or what the server owed and did not give.
    outcome: String,
    normal_us: u128,
    attacked_us: u128,
    normal_slow_us: u128,
    attacked_slow_us: u128,
    normal_longest_us: u128,
    attacked_longest_us: u128,
    newcomer_us: Option<u128>,
    normal_newcomer_us: Option<u128>,
    peak_kib: Option<u64>,
    busy_percent: Option<u64>,
    opened: u64,
    not_let_in: u64,
    sent: u64,
    ended: u64,
    reset: u64,
    heard: Vec<(String, u64)>,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    what: &'static str,
    why: &'static str,
}

/// What no peer is let at.
const LEFT_OUT: &[LeftOut] = &[
    LeftOut {
        what: "lesson 02, `receive`",
        why: "it takes one conversation, or waits for silence, and ends: nobody else is served by it",
    },
    LeftOut {
        what: "lesson 03, `server --abstract`",
        why: "the same server as `unix-stream`, at another kind of address",
    },
    LeftOut {
        what: "lesson 03, `pass-fd`",
        why: "it hands one file to one caller and ends",
    },
    LeftOut {
        what: "lesson 04, `server --naive`",
        why: "its faults are what it is for; the chapter shows each of them",
    },
    LeftOut {
        what: "lesson 04 with `great-crowd` and `descriptors`",
        why: "it takes one caller: the others wait in the kernel's queue, 90 or 10,000 of them",
    },
    LeftOut {
        what: "`cargo xtask book serve`",
        why: "it is no lesson's server; it listens for the reader's own browser",
    },
];

/// Runs all cells, or those whose names contain `only`; prints a line for each, and writes the record
/// when all were run.
///
/// # Errors
/// The programs cannot be built, or a server has failed.
pub fn run(only: Option<&str>) -> Result<()> {
    limits::as_many_files_as_allowed();
    let stop = Stop::hear()?;
    let bin = scenes::build_lessons()?;
    let mut rows = Vec::new();
    let mut fallen = 0;
    for cell in Cell::all() {
        stop.check()?;
        if only.is_some_and(|only| !cell.name().contains(only)) {
            continue;
        }
        let begun = std::time::Instant::now();
        let row = row(&cell, cell.run(&bin, &Size::FULL, TIMES));
        // Whoever reads it (`| head`) may have had enough: the record is written all the same.
        let _ = writeln!(
            io::stdout(),
            "{:<34} {:>6} µs {:>6} µs (slow {:>6} {:>6}, longest {:>6}) {:>6} KiB  new {:>7} µs  {:>5.1} s  {}",
            cell.name(),
            row.normal_us,
            row.attacked_us,
            row.normal_slow_us,
            row.attacked_slow_us,
            row.attacked_longest_us,
            row.peak_kib.unwrap_or_default(),
            row.newcomer_us.map_or("-".to_owned(), |us| us.to_string()),
            begun.elapsed().as_secs_f64(),
            row.outcome
        );
        fallen += usize::from(row.outcome != "stands");
        rows.push(row);
    }
    stop.check()?;
    if rows.is_empty() {
        let mut servers: Vec<_> = Cell::all().iter().map(|cell| cell.server.name()).collect();
        servers.dedup();
        bail!(
            "no cell is called so: names are server/peer, with one of the servers {} and a peer of \
             `cargo xtask hostile list`",
            servers.join(", ")
        );
    }
    if only.is_none() {
        let record = record(rows);
        let path = scenes::root().join(RECORD);
        let folder = path.parent().context("the record has a folder")?;
        std::fs::create_dir_all(folder)?;
        let text = serde_json::to_string_pretty(&record)? + "\n";
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        let _ = writeln!(io::stdout(), "written to {RECORD}");
    }
    if fallen > 0 {
        bail!("{fallen} servers have failed their honest clients");
    }
    Ok(())
}

fn row(cell: &Cell, found: Result<Found>) -> CellRow {
    let outcome = match &found {
        Ok(_) => "stands".to_owned(),
        Err(error) => format!("{error:#}"),
    };
    let found = found.ok();
    let account = found
        .as_ref()
        .map(|found| found.account.clone())
        .unwrap_or_default();
    let micros = |time: fn(&Found) -> Duration| found.as_ref().map_or(0, |f| time(f).as_micros());
    CellRow {
        server: cell.server.name(),
        peer: cell.peer.name,
        outcome,
        normal_us: micros(|found| found.normal),
        attacked_us: micros(|found| found.attacked),
        normal_slow_us: micros(|found| found.normal_slow),
        attacked_slow_us: micros(|found| found.attacked_slow),
        normal_longest_us: micros(|found| found.normal_longest),
        attacked_longest_us: micros(|found| found.attacked_longest),
        newcomer_us: found.as_ref().and_then(|f| Some(f.newcomer?.as_micros())),
        normal_newcomer_us: found
            .as_ref()
            .and_then(|f| Some(f.normal_newcomer?.as_micros())),
        peak_kib: found.as_ref().and_then(|found| found.peak_kib),
        busy_percent: found.as_ref().and_then(|found| found.busy_percent),
        opened: account.opened,
        not_let_in: account.not_let_in,
        sent: account.sent,
        ended: account.ended,
        reset: account.reset,
        heard: account.heard.into_iter().collect(),
    }
}

fn record(cells: Vec<CellRow>) -> Record {
    let courses = Course::ALL.into_iter().map(Server::Course);
    let servers = courses.chain(Mode::ALL.into_iter().map(Server::Chat));
    Record {
        date: first_line("date", &["+%Y-%m-%d"]),
        machine: machine(),
        profile: if cfg!(debug_assertions) {
            "dev"
        } else {
            "release"
        },
        noise_us: Noise::QUIET.middle.as_micros(),
        slow_us: Noise::QUIET.slow.as_micros(),
        longest_us: Noise::QUIET.longest.as_micros(),
        calm_percent: CALM,
        servers: servers
            .map(|server| ServerRow {
                name: server.name(),
                bound_kib: server.bound_kib(),
            })
            .collect(),
        peers: peer::ALL
            .iter()
            .map(|peer| PeerRow {
                name: peer.name,
                about: peer.about,
                kind: match peer.kind {
                    Kind::Stream => "stream",
                    Kind::Http => "http",
                    Kind::Datagram => "datagram",
                },
            })
            .collect(),
        cells,
        left_out: LEFT_OUT.iter().map(|left| LeftOut { ..*left }).collect(),
    }
}

/// Processors and system, as far as they matter here.
pub(super) fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{processors} processors, {}", first_line("uname", &["-sm"]))
}

/// What a program prints in its first line; empty if there is no such program.
pub(super) fn first_line(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    text.unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}
