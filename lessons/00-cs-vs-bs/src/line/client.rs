//! The installed client's side of the line protocol. In C/S this is the part that every user has
//! to install, and to install again when the protocol changes.

use super::{Line, parse_length, read_line};
use crate::disk::{CHUNK, Entry, Stored};
use crate::meter::{Metered, Traffic};
use crate::name::FileName;
use crate::terminal::{plain, short, visible};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// The longest that the client waits for the server. A server that flushes a gigabyte to its disk
/// is silent meanwhile.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to the disk.
#[derive(Debug)]
pub struct LineClient {
    wire: BufReader<Metered<TcpStream>>,
}

impl LineClient {
    /// Connects to the server's line port.
    ///
    /// # Errors
    /// Those of `connect(2)`.
    pub fn connect(server: SocketAddr) -> io::Result<LineClient> {
        let stream = TcpStream::connect_timeout(&server, Duration::from_secs(5))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(LineClient {
            // The usual 8 KiB would be eight times as many calls for the same file.
            wire: BufReader::with_capacity(CHUNK, Metered::new(stream)),
        })
    }

    /// The files on the disk.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn list(&mut self) -> Result<Vec<Entry>, ClientError> {
        let answer = self.ask("LIST")?;
        let count = announced(answer)?;
        let mut entries = Vec::new();
        for _ in 0..count {
            // The server may be anybody's program: what it sends is checked like everything else.
            let line = self.line()?;
            let entry = line.split_once(' ').and_then(|(size, name)| {
                Some(Entry {
                    size: parse_length(size)?,
                    name: FileName::new(name).ok()?,
                })
            });
            entries.push(entry.ok_or(ClientError::Nonsense(line))?);
        }
        Ok(entries)
    }

    /// Copies the file `name` from the disk to `into`. Returns its length in octets.
    ///
    /// `name` is not checked here: that is the duty of the server, because anybody can write a
    /// client that does not check.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Short`] when the connection ends too early.
    pub fn get(&mut self, name: &str, into: &mut impl Write) -> Result<u64, ClientError> {
        let answer = self.ask(&format!("GET {name}"))?;
        let length = announced(answer)?;
        // ANCHOR: large_pieces
        let mut body = (&mut self.wire).take(length);
        let mut arrived = 0;
        loop {
            // What has arrived goes on as it stands in the buffer, at once.
            let piece = match body.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                piece => piece?,
            };
            let count = piece.len();
            if count == 0 {
                break;
            }
            into.write_all(piece)?;
            body.consume(count);
            arrived += count as u64;
        }
        // ANCHOR_END: large_pieces
        if arrived < length {
            return Err(ClientError::Short { arrived, length });
        }
        Ok(length)
    }

    /// Copies `length` octets of `from` to the file `name` on the disk.
    ///
    /// # Errors
    /// [`ClientError`]; [`ClientError::Short`] when `from` ends too early. The server then keeps
    /// the old file, because it was promised more. After a refusal the server closes the connection.
    pub fn put(
        &mut self,
        name: &str,
        length: u64,
        from: &mut impl Read,
    ) -> Result<Stored, ClientError> {
        let answer = self.ask(&format!("PUT {length} {name}"))?;
        if answer != "GO" {
            return Err(ClientError::Nonsense(answer));
        }
        // The buffer lets a short file and its END leave in one piece.
        let mut wire = BufWriter::with_capacity(CHUNK, self.wire.get_mut());
        let sent = io::copy(&mut from.take(length), &mut wire);
        if let Ok(arrived) = sent
            && arrived < length
        {
            return Err(ClientError::Short { arrived, length });
        }
        let sent = sent
            .and_then(|_| wire.write_all(b"END\n"))
            .and_then(|()| wire.flush());
        // What could not be sent must not be tried again when the buffer is dropped.
        drop(wire.into_parts());
        // When sending failed, the server has closed. It has said why, so read that first.
        match (self.answer(), sent) {
            (Err(ClientError::Io(_) | ClientError::Ended), Err(error)) => Err(error.into()),
            (Ok(answer), _) if answer == "OK created" => Ok(Stored::Created),
            (Ok(answer), _) if answer == "OK replaced" => Ok(Stored::Replaced),
            (Ok(answer), _) => Err(ClientError::Nonsense(answer)),
            (Err(error), _) => Err(error),
        }
    }

    /// Deletes the file `name` from the disk.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn remove(&mut self, name: &str) -> Result<(), ClientError> {
        let answer = self.ask(&format!("REMOVE {name}"))?;
        if answer == "OK removed" {
            Ok(())
        } else {
            Err(ClientError::Nonsense(answer))
        }
    }

    /// Ends the conversation in order: says "no more from me" (a half-close), and waits until the
    /// server has closed as well.
    ///
    /// # Errors
    /// Those of the socket. What was asked before is done all the same.
    pub fn close(mut self) -> io::Result<()> {
        let stream = self.wire.get_ref().get_ref();
        stream.shutdown(Shutdown::Write)?;
        io::copy(&mut self.wire, &mut io::sink())?;
        Ok(())
    }

    /// A second handle of the connection, for another thread to shut it down with.
    ///
    /// # Errors
    /// When the process has no file descriptor left.
    pub fn handle(&self) -> io::Result<TcpStream> {
        self.wire.get_ref().get_ref().try_clone()
    }

    /// The octets that crossed the connection since the last call.
    pub fn traffic(&mut self) -> Traffic {
        self.wire.get_mut().take()
    }

    fn ask(&mut self, command: &str) -> Result<String, ClientError> {
        // A name with LF in it would be two commands, and a CR at its end a part of the line's end.
        if command.contains(['\n', '\r']) {
            return Err(ClientError::LineEnd);
        }
        let sent = self
            .wire
            .get_mut()
            .write_all(format!("{command}\n").as_bytes());
        match (self.answer(), sent) {
            (Err(ClientError::Io(_) | ClientError::Ended), Err(error)) => Err(error.into()),
            (answer, _) => answer,
        }
    }

    /// The server's next line: `OK …`, or `GO`, or the error.
    fn answer(&mut self) -> Result<String, ClientError> {
        let line = self.line()?;
        if line.starts_with("OK ") || line == "GO" {
            Ok(line)
        } else if let Some(error) = line.strip_prefix("ERROR ") {
            let (_kind, sentence) = error.split_once(' ').unwrap_or(("", error));
            Err(ClientError::Refused(sentence.to_owned()))
        } else if line.starts_with("HTTP/1.") {
            Err(ClientError::SpeaksHttp)
        } else {
            Err(ClientError::Nonsense(line))
        }
    }

    fn line(&mut self) -> Result<String, ClientError> {
        match read_line(&mut self.wire)? {
            Line::Whole(line) => Ok(line),
            Line::End => Err(ClientError::Ended),
            Line::Broken(why) => Err(ClientError::Nonsense(why.to_owned())),
        }
    }
}

/// The number in `OK <number>`.
fn announced(answer: String) -> Result<u64, ClientError> {
    let number = answer.strip_prefix("OK ").and_then(parse_length);
    number.ok_or(ClientError::Nonsense(answer))
}

/// Why the client could not do as asked.
#[derive(Debug)]
pub enum ClientError {
    /// The server said no; its sentence.
    Refused(String),
    /// The server closed the connection instead of an answer.
    Ended,
    /// Fewer octets came than were announced.
    Short {
        /// Octets that came.
        arrived: u64,
        /// Octets that were announced.
        length: u64,
    },
    /// The answer is not of this protocol.
    Nonsense(String),
    /// The port belongs to a web server.
    SpeaksHttp,
    /// The name contains CR or LF.
    LineEnd,
    /// The socket, or the local file, failed.
    Io(io::Error),
}

impl std::fmt::Display for ClientError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ClientError::Refused(sentence) => {
                write!(out, "the server refused: {}", visible(sentence))
            }
            ClientError::Ended => out.write_str(
                "the server closed the connection without an answer: is it still running?",
            ),
            ClientError::Short { arrived, length } => write!(
                out,
                "only {arrived} of {length} octets came, then it ended: the file was not changed"
            ),
            ClientError::Nonsense(line) => write!(
                out,
                "the answer is not of the disk's protocol: '{}'",
                short(line)
            ),
            ClientError::SpeaksHttp => out.write_str(
                "this port answers in HTTP: it is the browser's, use the other port that \
                 the server printed",
            ),
            ClientError::LineEnd => out.write_str("a name cannot contain the end of a line"),
            ClientError::Io(error) if is_timeout(error) => {
                write!(
                    out,
                    "the server has been silent for {} seconds",
                    PATIENCE.as_secs()
                )
            }
            ClientError::Io(error) => write!(out, "the transfer failed: {}", plain(error)),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

impl std::error::Error for ClientError {}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> Self {
        ClientError::Io(error)
    }
}
