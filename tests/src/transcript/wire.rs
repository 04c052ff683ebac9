//! What crossed the wire, and its written form.

use std::fmt::{self, Display};

use anyhow::{Context, Result};

/// Something that crossed the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireEvent {
    /// The terminal whose program sent it.
    pub from: String,
    /// The terminal whose program it went to.
    pub to: String,
    /// At least so many milliseconds passed before it, because a program waited on purpose.
    pub pause: Option<u32>,
    /// What it was.
    pub what: WireKind,
}

/// What can cross a TCP connection, or pass between two UDP sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireKind {
    /// The connection was made.
    Open,
    /// Octets that arrived together.
    Data {
        /// How many.
        octets: usize,
        /// Their text, escaped and cut short.
        text: String,
    },
    /// The sender will send no more (FIN).
    Eof,
    /// The sender broke the connection off (RST).
    Reset,
    /// One datagram.
    Datagram {
        /// How many octets it carried; 0 is a datagram too.
        octets: usize,
        /// Their text, escaped and cut short.
        text: String,
        /// It came here and did not go on: it was not seen on the next wire of the path.
        lost: bool,
    },
    /// The other machine says that nobody has this port open (ICMP). No program has sent this.
    Unreachable,
}

const DATAGRAM: &str = "datagram of ";
const LOST: &str = ", lost there";
pub(super) const PAUSE: &str = "pause of ";

impl WireKind {
    /// The text of what was carried, if it carried something.
    pub fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::Data { text, .. } | Self::Datagram { text, .. } => Some(text),
            Self::Open | Self::Eof | Self::Reset | Self::Unreachable => None,
        }
    }
}

impl Display for WireEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(pause) = self.pause {
            writeln!(f, "{PAUSE}{pause} ms or more")?;
        }
        write!(f, "{} -> {}: ", self.from, self.to)?;
        match &self.what {
            WireKind::Open => f.write_str("connects"),
            WireKind::Data { octets, text } => write!(f, "{octets} octets \"{text}\""),
            WireKind::Eof => f.write_str("end of stream"),
            WireKind::Reset => f.write_str("reset"),
            WireKind::Datagram { octets, text, lost } => {
                let lost = if *lost { LOST } else { "" };
                write!(f, "{DATAGRAM}{octets} octets \"{text}\"{lost}")
            }
            WireKind::Unreachable => f.write_str("port unreachable"),
        }
    }
}

pub(super) fn parse_pause(line: &str) -> Result<u32> {
    line.strip_prefix(PAUSE)
        .and_then(|rest| rest.strip_suffix(" ms or more"))
        .and_then(|pause| pause.parse().ok())
        .with_context(|| format!("{line:?} has no milliseconds"))
}

pub(super) fn parse_event(line: &str) -> Result<WireEvent> {
    let (from, rest) = line
        .split_once(" -> ")
        .with_context(|| format!("{line:?} has no ` -> `"))?;
    let (to, what) = rest
        .split_once(": ")
        .with_context(|| format!("{line:?} has no `: `"))?;
    let what = match what {
        "connects" => WireKind::Open,
        "end of stream" => WireKind::Eof,
        "reset" => WireKind::Reset,
        "port unreachable" => WireKind::Unreachable,
        octets => parse_octets(octets)
            .with_context(|| format!("{octets:?} is not an event on the wire"))?,
    };
    Ok(WireEvent {
        from: from.to_owned(),
        to: to.to_owned(),
        pause: None,
        what,
    })
}

fn parse_octets(what: &str) -> Option<WireKind> {
    let datagram = what.strip_prefix(DATAGRAM);
    let lost = datagram.is_some_and(|rest| rest.ends_with(LOST));
    let rest = datagram.unwrap_or(what);
    let rest = if lost { rest.strip_suffix(LOST)? } else { rest };
    let (octets, text) = rest.split_once(" octets \"")?;
    let octets = octets.parse().ok()?;
    let text = text.strip_suffix('"')?.to_owned();
    Some(if datagram.is_some() {
        WireKind::Datagram { octets, text, lost }
    } else {
        WireKind::Data { octets, text }
    })
}
