//! The course's servers that serve several clients at a time: how each is started, and what it may
//! cost.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::echo::Echo;
use super::honest::Honest;
use super::place::Place;
use super::program::Program;
use crate::peer::{Kind, Peer};
use crate::speech::Speech;
use crate::target::Target;

/// How long the network disk waits for a client, in seconds. Its own default is 10: a test that waits
/// for it need not be that patient.
const DISK_PATIENCE: u64 = 3;

/// The same where a crowd holds all places: those who came first must still have them when the last has
/// come, and for a second more. 10,000 connections may take more than ten seconds to open.
const PATIENCE_WITH_A_CROWD: u64 = 10;
const PATIENCE_WITH_A_GREAT_CROWD: u64 = 30;

/// Ports that are tried for the name plate, and how long it may take to answer.
const TRIES: usize = 20;
const A_MOMENT: Duration = Duration::from_secs(2);

/// How long the Unix server's write waits for a client that does not read.
const UNIX_PATIENCE: Duration = Duration::from_secs(5);

/// How a server is started.
#[derive(Debug, Clone, Copy)]
pub struct How {
    /// Its limit of descriptors, if it has one of its own.
    pub descriptors: Option<u64>,
    /// Whether a relay shows what passes.
    pub logged: bool,
    /// How long the disk waits for a client, in seconds.
    pub patience: u64,
}

impl How {
    /// As a peer needs it that is one of the few clients.
    pub const USUAL: Self = Self {
        descriptors: None,
        logged: false,
        patience: DISK_PATIENCE,
    };

    /// As this peer needs it.
    pub fn against(peer: &Peer) -> Self {
        Self {
            descriptors: (peer.name == "descriptors").then_some(64),
            // What a relay shows of it must not command the terminal.
            logged: matches!(peer.name, "garbage" | "random" | "garbage-datagrams"),
            patience: match peer.name {
                "great-crowd" => PATIENCE_WITH_A_GREAT_CROWD,
                _ if peer.takes_all_places() => PATIENCE_WITH_A_CROWD,
                _ => DISK_PATIENCE,
            },
        }
    }

    /// So long a newcomer may have to wait until a silent client has lost its place.
    pub fn place_free(&self) -> Duration {
        Duration::from_secs(2 * self.patience)
    }
}

/// One server, as one kind of client sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// Lesson 00, the line protocol.
    DiskLine,
    /// Lesson 00, HTTP.
    DiskHttp,
    /// Lesson 02, the relay of connections, with an echo behind it.
    RelayTcp,
    /// Lesson 02, the relay of datagrams, with an echo behind it.
    RelayUdp,
    /// Lesson 03, the server at a path.
    UnixStream,
    /// Lesson 03, the receiver of datagrams at a path.
    UnixDatagram,
    /// Lesson 04, the name plate: the UDP port beside the chat's.
    NamePlate,
}

impl Course {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::DiskLine,
        Self::DiskHttp,
        Self::RelayTcp,
        Self::RelayUdp,
        Self::UnixStream,
        Self::UnixDatagram,
        Self::NamePlate,
    ];

    /// Its name in the matrix.
    pub fn name(self) -> &'static str {
        match self {
            Self::DiskLine => "disk-line",
            Self::DiskHttp => "disk-http",
            Self::RelayTcp => "relay-tcp",
            Self::RelayUdp => "relay-udp",
            Self::UnixStream => "unix-stream",
            Self::UnixDatagram => "unix-datagram",
            Self::NamePlate => "name-plate",
        }
    }

    /// What it speaks.
    pub fn speech(self) -> Speech {
        match self {
            Self::DiskLine => Speech::Disk,
            Self::DiskHttp => Speech::Http,
            Self::NamePlate => Speech::Chat,
            _ => Speech::Lines,
        }
    }

    /// Whether a peer can trouble it.
    pub fn meets(self, peer: &Peer) -> bool {
        match self {
            Self::RelayUdp | Self::UnixDatagram | Self::NamePlate => peer.kind == Kind::Datagram,
            Self::DiskHttp => peer.kind != Kind::Datagram,
            _ => peer.kind == Kind::Stream,
        }
    }

    /// The most memory that it may ever have resident, in KiB, whatever a peer does.
    pub fn bound_kib(self) -> u64 {
        match self {
            Self::DiskLine | Self::DiskHttp | Self::UnixStream => 16 << 10,
            Self::RelayTcp => 40 << 10,
            Self::RelayUdp => 64 << 10,
            Self::UnixDatagram | Self::NamePlate => 8 << 10,
        }
    }

    /// How long this peer may trouble it until it ends the connection. `None`: it may be silent for ever, or
    /// it does nothing that the server need not bear. A write that could move a part is followed by
    /// another, and each may wait; and the disk then reads what the client has still sent.
    pub fn patience_with(self, peer: &Peer) -> Option<Duration> {
        match (self, peer.name) {
            (Self::DiskLine | Self::DiskHttp, "silent" | "drip") => {
                Some(Duration::from_secs(DISK_PATIENCE))
            }
            (Self::DiskLine | Self::DiskHttp, "deaf") => {
                Some(Duration::from_secs(3 * DISK_PATIENCE))
            }
            (Self::UnixStream, "deaf") => Some(2 * UNIX_PATIENCE),
            _ => None,
        }
    }

    /// Whether it takes the place away from a client that says nothing, so that a newcomer is served
    /// although others hold all places.
    pub fn frees_places(self) -> bool {
        matches!(self, Self::DiskLine | Self::DiskHttp)
    }
}

impl fmt::Display for Course {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A running server.
pub struct Server {
    /// Which one.
    pub course: Course,
    /// The process.
    pub program: Program,
    /// Where a client finds it.
    pub target: Target,
    /// What a relay stands before; ends with it.
    _behind: Option<Echo>,
}

impl Server {
    /// Starts it, from the programs in `bin`, on a port that the system chooses or at a path in
    /// `place`.
    ///
    /// # Errors
    /// It does not start, or does not say where it listens.
    pub fn start(course: Course, bin: &Path, place: &Place, how: How) -> Result<Self> {
        for _ in 0..TRIES {
            let server = Self::begin(course, bin, place, how)?;
            // The chat does without a name plate when somebody else has the UDP port of that number.
            if course != Course::NamePlate || server.is_answering() {
                return Ok(server);
            }
        }
        bail!("{course} has no port")
    }

    fn is_answering(&self) -> bool {
        Honest::new(self.course, &self.target, A_MOMENT)
            .and_then(|mut client| client.ask())
            .is_ok()
    }

    fn begin(course: Course, bin: &Path, place: &Place, how: How) -> Result<Self> {
        let behind = match course {
            Course::RelayTcp => Some(Echo::tcp()?),
            Course::RelayUdp => Some(Echo::udp()?),
            _ => None,
        };
        let to = behind
            .as_ref()
            .map(|echo| echo.at.to_string())
            .unwrap_or_default();
        let patience = how.patience.to_string();
        let log = if how.logged {
            vec!["--log"]
        } else {
            Vec::new()
        };
        let (lesson, arguments): (&str, Vec<&str>) = match course {
            Course::DiskLine | Course::DiskHttp => (
                "lesson-00-cs-vs-bs",
                vec![
                    "serve",
                    "--folder",
                    "shared",
                    "--port",
                    "0",
                    "--http-port",
                    "0",
                    "--patience",
                    &patience,
                ],
            ),
            Course::RelayTcp => (
                "lesson-02-tcp-vs-udp",
                [vec!["relay", "--tcp", "--to", &to], log].concat(),
            ),
            Course::RelayUdp => (
                "lesson-02-tcp-vs-udp",
                [vec!["relay", "--to", &to, "--silence", "1"], log].concat(),
            ),
            Course::UnixStream => ("lesson-03-unix-sockets", vec!["server", "--path", "s"]),
            Course::UnixDatagram => ("lesson-03-unix-sockets", vec!["receive", "--path", "d"]),
            Course::NamePlate => ("lesson-04-tcp-chat", vec!["server", "--port", "0"]),
        };
        let program = Program::start(&bin.join(lesson), &arguments, place.path(), how.descriptors)?;
        let target = match course {
            Course::DiskLine => Target::Tcp(endpoint(&program, " for the installed client")?),
            Course::DiskHttp => Target::Tcp(endpoint(&program, " for any browser")?),
            Course::RelayTcp => Target::Tcp(endpoint(&program, "")?),
            Course::RelayUdp | Course::NamePlate => Target::Udp(endpoint(&program, "")?),
            Course::UnixStream => {
                program
                    .output
                    .wait_for("`listening on`", |text| text.find("listening on s"))?;
                Target::Stream(place.path().join("s"))
            }
            Course::UnixDatagram => {
                program
                    .output
                    .wait_for("`receiving at`", |text| text.find("receiving at d"))?;
                Target::Datagram(place.path().join("d"))
            }
        };
        Ok(Self {
            course,
            program,
            target,
            _behind: behind,
        })
    }

    /// Ends it as a person at its terminal does, and checks that it ends well.
    ///
    /// # Errors
    /// It does not end within `limit`, fails, or has panicked before.
    pub fn stop(mut self, limit: Duration) -> Result<()> {
        self.program.interrupt();
        let status = self.program.wait(limit)?;
        let complaints = self.program.complaints.text();
        anyhow::ensure!(
            !complaints.contains("panicked"),
            "the server panicked: {complaints}"
        );
        // The relays of lesson 02 and the chat of lesson 04 leave Ctrl-C to the system.
        let by_signal = matches!(
            self.course,
            Course::RelayTcp | Course::RelayUdp | Course::NamePlate
        );
        anyhow::ensure!(
            status.success() || (by_signal && status.code().is_none()),
            "the server failed ({status}): {complaints}"
        );
        anyhow::ensure!(
            !self.program.output.has_raw_control() && !self.program.complaints.has_raw_control(),
            "the server has printed what a peer sent as it came: a terminal would obey it"
        );
        Ok(())
    }
}

/// The endpoint in the line `listening on …`, with this behind it.
fn endpoint(program: &Program, behind: &str) -> Result<SocketAddr> {
    program
        .output
        .wait_for("`listening on`", |text| {
            // A line is whole when its end has come.
            let (whole, _) = text.rsplit_once('\n')?;
            let line = whole.lines().find_map(|line| {
                line.strip_prefix("listening on ")?
                    .strip_suffix(behind)
                    .or_else(|| {
                        let (endpoint, _) =
                            line.strip_prefix("listening on ")?.split_once(behind)?;
                        (!behind.is_empty()).then_some(endpoint)
                    })
            })?;
            line.trim().parse().ok()
        })
        .context("where does it listen?")
}
