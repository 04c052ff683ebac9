//! The server's side of the line protocol.

use super::{Line, parse_length, read_line};
use crate::disk::{Disk, DiskError, FillError, Stored, send};
use crate::name::FileName;
use crate::pace::Paced;
use crate::server::{Door, Log};
use crate::terminal::short;
use std::io::{self, BufReader, Read as _, Write as _};

/// Talks with one installed client until it leaves. Everything goes to `disk`; every request and
/// its outcome goes to `log`, before the answer goes out: who has the answer finds it in the log.
///
/// # Errors
/// When the socket fails in a way that the client could not be told of.
pub fn converse(stream: Paced, disk: &Disk, log: Log<'_>) -> io::Result<()> {
    let mut session = Session {
        wire: BufReader::new(stream),
        disk,
        log,
    };
    let parting = loop {
        session.wire.get_mut().expect_head();
        match read_line(&mut session.wire) {
            Ok(Line::End) => return Ok(()),
            Ok(Line::Whole(line)) => match session.obey(&line)? {
                After::GoOn => {}
                After::HangUp => return Ok(()),
                After::Part(kind, sentence) => break (kind, sentence),
            },
            Ok(Line::Broken(why)) => break ("protocol", why.to_owned()),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                break (
                    "slow",
                    "you said nothing for too long: connect again".to_owned(),
                );
            }
            Err(error) => return Err(error),
        }
    };
    (session.log)(Door::Line, "connection", &format!("closed: {}", parting.1));
    session.wire.get_mut().expect_head();
    session.say(&format!("ERROR {} {}", parting.0, parting.1))?;
    // From a silent client nothing more is expected: close at once, and free the thread.
    if parting.0 != "slow" {
        session.wire.get_mut().linger();
    }
    Ok(())
}

/// What becomes of the connection after a command.
enum After {
    /// Wait for the next line.
    GoOn,
    /// Say `ERROR` with this kind and sentence, and close.
    Part(&'static str, String),
    /// Close without a word.
    HangUp,
}

struct Session<'a> {
    wire: BufReader<Paced>,
    disk: &'a Disk,
    log: Log<'a>,
}

impl Session<'_> {
    /// Does what one line asks.
    fn obey(&mut self, line: &str) -> io::Result<After> {
        // Before everything else: `GET / HTTP/1.1` looks like a command of ours.
        if line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0") {
            return self.wrong_port();
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let done = match verb {
            "LIST" if rest.is_empty() => self.list(),
            "GET" => self.get(rest),
            "PUT" => match rest
                .split_once(' ')
                .map(|(n, name)| (parse_length(n), name))
            {
                Some((Some(length), name)) => self.put(length, name),
                _ => Ok(After::Part(
                    "protocol",
                    "PUT wants a length and a name".to_owned(),
                )),
            },
            "REMOVE" => self.remove(rest),
            _ => {
                let sentence = format!("'{}' is not a command of this disk", short(line));
                Ok(After::Part("protocol", sentence))
            }
        };
        match done {
            Ok(after) => Ok(after),
            Err(Failure::Wire(error)) => Err(error),
            Err(Failure::Disk(error)) => {
                (self.log)(
                    Door::Line,
                    &short(line),
                    &format!("refused ({})", kind(&error)),
                );
                self.say(&format!("ERROR {} {error}", kind(&error)))?;
                // A client that has not waited for `GO` has sent its file already, and the lines
                // of the file would be the next commands.
                if verb == "PUT" {
                    self.wire.get_mut().linger();
                    return Ok(After::HangUp);
                }
                Ok(After::GoOn)
            }
        }
    }

    fn list(&mut self) -> Result<After, Failure> {
        let entries = self.disk.list()?;
        let mut answer = format!("OK {}\n", entries.len());
        for entry in &entries {
            answer.extend([&entry.size.to_string(), " ", entry.name.as_str(), "\n"]);
        }
        (self.log)(
            Door::Line,
            "LIST",
            &format!("files listed: {}", entries.len()),
        );
        self.wire.get_mut().expect_transfer();
        self.wire.get_mut().write_all(answer.as_bytes())?;
        Ok(After::GoOn)
    }

    fn get(&mut self, name: &str) -> Result<After, Failure> {
        let name = FileName::new(name).map_err(DiskError::from)?;
        let (mut file, length) = self.disk.read(&name)?;
        let head = format!("OK {length}\n");
        (self.log)(
            Door::Line,
            &format!("GET {name}"),
            &format!("{length} octets"),
        );
        self.wire.get_mut().expect_transfer();
        let complete = send(&head, &mut file, length, self.wire.get_mut())?;
        // Somebody has shortened the file meanwhile. The client counts on `length` octets; it
        // learns from the end of the stream that they will not come.
        Ok(if complete { After::GoOn } else { After::HangUp })
    }

    // ANCHOR: put
    fn put(&mut self, length: u64, name: &str) -> Result<After, Failure> {
        let name = FileName::new(name).map_err(DiskError::from)?;
        let mut upload = self.disk.upload(&name, Some(length))?;
        self.wire.get_mut().expect_transfer();
        self.say("GO")?;
        let request = format!("PUT {length} {name}");
        let failed = match upload.fill_from(&mut (&mut self.wire).take(length)) {
            Ok(arrived) if arrived == length => match read_line(&mut self.wire) {
                Ok(Line::Whole(end)) if end == "END" => None,
                Ok(Line::End) => Some(After::HangUp),
                Ok(_) => {
                    let why = "more octets came than announced: nothing was changed";
                    Some(After::Part("protocol", why.to_owned()))
                }
                Err(error) => Some(lost(&error)),
            },
            Ok(_) => Some(After::HangUp),
            // The client still sends, and nobody wants to read it: say why and close.
            Err(FillError::Disk(error)) => Some(After::Part(kind(&error), error.to_string())),
            Err(FillError::Source(error)) => Some(lost(&error)),
        };
        if let Some(after) = failed {
            if matches!(after, After::HangUp) {
                (self.log)(Door::Line, &request, "cut off: nothing was changed");
            }
            return Ok(after);
        }
        let outcome = match upload.commit() {
            Ok(Stored::Created) => "created",
            Ok(Stored::Replaced) => "replaced",
            Err(error) => return Ok(After::Part(kind(&error), error.to_string())),
        };
        (self.log)(Door::Line, &request, outcome);
        self.wire.get_mut().expect_head();
        self.say(&format!("OK {outcome}"))?;
        Ok(After::GoOn)
    }
    // ANCHOR_END: put

    fn remove(&mut self, name: &str) -> Result<After, Failure> {
        let name = FileName::new(name).map_err(DiskError::from)?;
        self.disk.remove(&name)?;
        (self.log)(Door::Line, &format!("REMOVE {name}"), "removed");
        self.say("OK removed")?;
        Ok(After::GoOn)
    }

    /// A browser that was sent to this port gets an answer that it can show, and no second line
    /// of it is obeyed.
    fn wrong_port(&mut self) -> io::Result<After> {
        const SENTENCE: &str = "This is the port of the installed client. \
            A browser opens the other port that the server printed.\n";
        let head = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close";
        let length = SENTENCE.len();
        let answer = format!("{head}\r\nContent-Length: {length}\r\n\r\n{SENTENCE}");
        (self.log)(
            Door::Line,
            "connection",
            "closed: it speaks HTTP, on the wrong port",
        );
        self.wire.get_mut().write_all(answer.as_bytes())?;
        self.wire.get_mut().linger();
        Ok(After::HangUp)
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        // One write a line: the line and its end must not become two segments.
        self.wire
            .get_mut()
            .write_all(format!("{line}\n").as_bytes())
    }
}

/// What becomes of a connection that fails in the middle of an upload.
fn lost(error: &io::Error) -> After {
    if error.kind() == io::ErrorKind::TimedOut {
        let why = "the octets did not come in time: nothing was changed";
        return After::Part("slow", why.to_owned());
    }
    After::HangUp
}

fn kind(error: &DiskError) -> &'static str {
    match error {
        DiskError::Name(_) => "name",
        DiskError::Missing(_) => "missing",
        DiskError::NotAFile(_) | DiskError::Denied => "refused",
        DiskError::Full => "full",
        DiskError::Io(_) => "failed",
    }
}

/// A command fails on the disk (the client is told) or on the wire (nobody can be told).
enum Failure {
    Disk(DiskError),
    Wire(io::Error),
}

impl From<DiskError> for Failure {
    fn from(error: DiskError) -> Self {
        Failure::Disk(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Wire(error)
    }
}
