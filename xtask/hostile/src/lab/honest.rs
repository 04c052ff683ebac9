//! Clients that behave: they ask, wait for the answer, and check it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use socket2::{SockAddr, Socket};

use super::place::kept_content;
use super::program::look_again;
use super::server::Course;
use crate::speech::{STORED, Speech, request};
use crate::target::Target;

/// How long an honest client waits for one answer before it calls the server dead.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// How long it waits before it sends a datagram again: they may be lost.
const AGAIN: Duration = Duration::from_millis(250);

/// Each time after so many requests a client of the disk uploads.
const UPLOADS: u64 = 10;

/// One client with one connection, or one socket for datagrams.
pub struct Honest {
    course: Course,
    wire: BufReader<Socket>,
    /// Different for each client: an answer to another one is seen.
    id: u32,
    number: u64,
    patience: Duration,
    /// The longest that an answer has taken so far.
    pub longest: Duration,
    /// Its file on the disk, and the content that the disk has acknowledged.
    pub stored: Option<(String, String)>,
    /// Where it can be answered, for datagrams at a path.
    _name: Option<Name>,
}

/// The file of a datagram socket, removed with it.
struct Name(PathBuf);

impl Drop for Name {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Honest {
    /// Connects. Every answer may take `patience`.
    ///
    /// # Errors
    /// The server lets nobody in.
    pub fn new(course: Course, target: &Target, patience: Duration) -> Result<Self> {
        let mut name = None;
        let socket = if target.takes_datagrams() {
            let socket = target.datagram_socket()?;
            if let Target::Datagram(path) = target {
                let own = path.with_file_name(format!("h{:08x}", fastrand::u32(..)));
                socket.bind(&SockAddr::unix(&own)?)?;
                name = Some(Name(own));
            }
            socket.connect(&target.address()?)?;
            socket.set_write_timeout(Some(patience))?;
            socket.set_read_timeout(Some(AGAIN.min(patience)))?;
            socket
        } else {
            let socket = target.connect()?;
            socket.set_read_timeout(Some(patience))?;
            socket
        };
        Ok(Self {
            course,
            wire: BufReader::new(socket),
            id: fastrand::u32(..),
            number: 0,
            patience,
            longest: Duration::ZERO,
            stored: None,
            _name: name,
        })
    }

    /// Asks once, and returns how long the right answer took.
    ///
    /// # Errors
    /// No answer, or another one than an honest client deserves.
    pub fn ask(&mut self) -> Result<Duration> {
        self.number += 1;
        if self.number.is_multiple_of(UPLOADS) {
            self.upload().context("an upload")?;
        }
        let begun = Instant::now();
        match self.course {
            Course::DiskLine | Course::DiskHttp => self.get(STORED, &kept_content())?,
            Course::RelayTcp => self.line(false)?,
            Course::UnixStream => self.line(true)?,
            Course::RelayUdp => self.datagram(false)?,
            Course::UnixDatagram => self.datagram(true)?,
            Course::NamePlate => self.name()?,
        }
        let took = begun.elapsed();
        self.longest = self.longest.max(took);
        Ok(took)
    }

    fn say(&mut self, text: &str) -> Result<()> {
        self.wire
            .get_mut()
            .write_all(text.as_bytes())
            .context("the honest client cannot send")
    }

    fn hear_line(&mut self) -> Result<String> {
        let mut line = String::new();
        let mut bounded = (&mut self.wire).take(4096);
        bounded
            .read_line(&mut line)
            .context("the honest client is not answered")?;
        ensure!(
            line.ends_with('\n'),
            "the server ended the honest client's connection: {line:?}"
        );
        Ok(line)
    }

    /// Gets a file of the disk, which must have this content.
    fn get(&mut self, name: &str, expected: &[u8]) -> Result<()> {
        let length = if self.course == Course::DiskLine {
            self.say(&format!("GET {name}\n"))?;
            let head = self.hear_line()?;
            let length = head.strip_prefix("OK ");
            let length = length.and_then(|length| length.trim().parse().ok());
            length.with_context(|| format!("the server answers {head:?}"))?
        } else {
            self.say(&request("GET", &format!("/files/{name}"), "", ""))?;
            let length = self.hear_head("200")?;
            length.context("the answer has no length")?
        };
        let mut content = vec![0; length];
        self.wire
            .read_exact(&mut content)
            .context("the answer breaks off")?;
        ensure!(content == expected, "{name}: what is stored has changed");
        Ok(())
    }

    /// Puts a file of its own onto the disk, or a new content into it, and gets it. Nobody counts the time:
    /// the server waits for the machine's disk.
    fn upload(&mut self) -> Result<()> {
        let name = format!("honest-{:08x}", self.id);
        let content = format!("content {}", self.number);
        let (length, is_new) = (content.len(), self.stored.is_none());
        match self.course {
            Course::DiskLine => {
                self.say(&format!("PUT {length} {name}\n"))?;
                let mut answers = vec![(self.hear_line()?, "GO\n")];
                self.say(&format!("{content}END\n"))?;
                let stored = if is_new {
                    "OK created\n"
                } else {
                    "OK replaced\n"
                };
                answers.push((self.hear_line()?, stored));
                for (answer, expected) in answers {
                    ensure!(answer == expected, "the server answers {answer:?}");
                }
            }
            Course::DiskHttp => {
                let fields = format!("Content-Length: {length}\r\n");
                self.say(&request(
                    "PUT",
                    &format!("/files/{name}"),
                    &fields,
                    &content,
                ))?;
                let length = self.hear_head(if is_new { "201" } else { "204" })?;
                self.wire.read_exact(&mut vec![0; length.unwrap_or(0)])?;
            }
            _ => return Ok(()),
        }
        self.stored = Some((name.clone(), content.clone()));
        self.get(&name, content.as_bytes())
    }

    /// The head of an answer of HTTP with this status, and the length that it gives.
    fn hear_head(&mut self, expected: &str) -> Result<Option<usize>> {
        let status = self.hear_line()?;
        ensure!(
            status.starts_with(&format!("HTTP/1.1 {expected} ")),
            "the server answers {status:?}"
        );
        let mut length = None;
        loop {
            let field = self.hear_line()?.to_ascii_lowercase();
            if field.trim().is_empty() {
                return Ok(length);
            }
            if let Some(value) = field.strip_prefix("content-length:") {
                length = value.trim().parse().ok();
            }
        }
    }

    fn line(&mut self, capitals: bool) -> Result<()> {
        let sent = format!("honest {} {}\n", self.id, self.number);
        self.say(&sent)?;
        let answer = self.hear_line()?;
        let expected = if capitals { sent.to_uppercase() } else { sent };
        ensure!(
            answer == expected,
            "the server answers {answer:?} to {expected:?}"
        );
        Ok(())
    }

    fn datagram(&mut self, capitals: bool) -> Result<()> {
        let said = format!("honest {} ", self.id);
        let start = if capitals {
            said.to_uppercase()
        } else {
            said.clone()
        };
        let number = self.number;
        self.exchange(&format!("{said}{number}"), |answer| {
            let to: u64 = answer.strip_prefix(&start)?.parse().ok()?;
            (to <= number).then_some(to == number)
        })
    }

    fn name(&mut self) -> Result<()> {
        let question = String::from_utf8_lossy(Speech::Chat.question());
        self.exchange(&question, |answer| {
            (answer == "lesson-04-tcp-chat waits for a caller").then_some(true)
        })
    }

    /// A datagram may be lost, and an answer may come after its question was asked again. `is_mine` says
    /// whether it is the answer, or one to an earlier question; `None`: to somebody else's.
    fn exchange(&mut self, question: &str, is_mine: impl Fn(&str) -> Option<bool>) -> Result<()> {
        let end = Instant::now() + self.patience;
        while Instant::now() < end {
            // An error may be about an earlier datagram (ICMP port unreachable).
            let _ = self.say(question);
            let mut octets = [0; 256];
            while let Ok(length) = self.wire.get_mut().read(&mut octets) {
                let answer = String::from_utf8_lossy(&octets[..length]);
                match is_mine(&answer) {
                    Some(true) => return Ok(()),
                    Some(false) => {}
                    None => bail!("the honest client hears what is meant for others: {answer:?}"),
                }
            }
            look_again();
        }
        bail!("the honest client's datagrams are not answered")
    }
}
