//! The same talk as over TCP: a server that answers every line in capitals, and its client.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::address::Address;
use crate::peer::{Caller, caller};
use crate::stop::{Stop, Wait};
use crate::text::reason;

/// The longest line that either side takes, in octets. Without a limit, a peer that never sends a
/// line end fills our memory.
pub const LONGEST_LINE: usize = 64 * 1024;

/// Callers at a time. Each costs the server a thread, and its line as much memory as it is long.
pub const CALLERS: usize = 64;

/// How long a write may wait for a caller that does not read.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a server has to tell.
#[derive(Debug)]
pub enum Event<'a> {
    /// Somebody has connected. Callers are numbered from 1.
    Called(u32, Caller),
    /// A caller has sent a line (without its line end).
    Said(u32, &'a [u8]),
    /// A caller has closed its end.
    Gone(u32),
    /// The talk with a caller ended in another way.
    Lost(u32, &'a io::Error),
    /// A connection could not be accepted; the server goes on.
    Refused(&'a io::Error),
}

/// Where a server tells its events. An error from here stops the server.
pub type Tell<'a> = dyn Fn(Event<'_>) -> io::Result<()> + Sync + 'a;

/// Answer callers at `listener`, each in its own thread, until `stop` is turned. More than [`CALLERS`]
/// at a time are not answered: their connections are closed.
///
/// # Errors
/// The first error of `tell`, or of a wait.
pub fn serve(listener: &UnixListener, stop: &Stop, tell: &Tell<'_>) -> io::Result<()> {
    // The wait is in `stop.wait`, which ends early when the switch is turned; accept never waits.
    listener.set_nonblocking(true)?;
    let failed = Mutex::new(None);
    let end = |result: io::Result<()>| {
        if let (Err(error), Ok(mut failed)) = (result, failed.lock()) {
            failed.get_or_insert(error);
            stop.now();
        }
    };
    // This loop owns one of these; every caller holds another.
    let places = Arc::new(());
    thread::scope(|scope| {
        let mut number = 0;
        while stop.wait(listener, None)? == Wait::Ready {
            let stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                Err(error) => {
                    // Out of descriptors: the connection stays in the queue, so a loop without
                    // a pause would spin.
                    end(tell(Event::Refused(&error)));
                    stop.pause(Duration::from_millis(200))?;
                    continue;
                }
            };
            if Arc::strong_count(&places) > CALLERS {
                let full = io::Error::other(format!("{CALLERS} at a time are the most"));
                end(tell(Event::Refused(&full)));
                continue;
            }
            number += 1;
            let place = Arc::clone(&places);
            let answer = move || {
                end(answer(&stream, number, stop, tell));
                // Before the connection closes: who sees its end finds the place free.
                drop(place);
            };
            if let Err(error) = thread::Builder::new().spawn_scoped(scope, answer) {
                // No thread to be had: the connection is closed, the server goes on.
                end(tell(Event::Refused(&error)));
            }
        }
        Ok(())
    })
    .and_then(|()| match failed.into_inner() {
        Ok(Some(error)) => Err(error),
        _ => Ok(()),
    })
}

/// One caller, from its connection to its end. Only an error of `tell` comes back.
fn answer(stream: &UnixStream, number: u32, stop: &Stop, tell: &Tell<'_>) -> io::Result<()> {
    let mut told = Ok(());
    let result = (|| {
        // Every wait is in `stop.wait` and its like, and ends when the switch is turned.
        stream.set_nonblocking(true)?;
        told = tell(Event::Called(number, caller(stream)?));
        let mut writer = UntilStopped { stream, stop };
        let mut reader = BufReader::new(writer);
        let mut line = Vec::new();
        while told.is_ok() && read_line(&mut reader, &mut line)? {
            told = tell(Event::Said(number, &line));
            let mut answer = String::from_utf8_lossy(&line).to_uppercase();
            answer.push('\n');
            writer.write_all(answer.as_bytes())?;
        }
        Ok(())
    })();
    told?;
    match result {
        // We end the talk, not the caller.
        _ if stop.is_turned()? => Ok(()),
        Ok(()) => tell(Event::Gone(number)),
        Err(error) => tell(Event::Lost(number, &error)),
    }
}

/// Reads from a connection, and writes to it. When the server is to stop, it reports the end of the stream, and
/// writes nothing more.
#[derive(Clone, Copy)]
struct UntilStopped<'a> {
    stream: &'a UnixStream,
    stop: &'a Stop,
}

impl Read for UntilStopped<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stop.wait(self.stream, None)? {
            Wait::Ready => self.stream.read(buffer),
            Wait::Stopped | Wait::TimedOut => Ok(0),
        }
    }
}

impl Write for UntilStopped<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        match self.stop.wait_for_room(self.stream, Some(PATIENCE))? {
            Wait::Ready => self.stream.write(octets),
            Wait::Stopped => Err(io::Error::other("the server is to stop")),
            Wait::TimedOut => Err(io::Error::other("it does not read its answers")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Read one line into `line`, without its line end. `false`: the stream has ended.
///
/// A last line without a line end counts as a line.
///
/// # Errors
/// The stream's; and `InvalidData` if the line is longer than [`LONGEST_LINE`].
pub fn read_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let limit = LONGEST_LINE as u64 + 1;
    if reader.take(limit).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    } else if line.len() > LONGEST_LINE {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("the line is longer than {LONGEST_LINE} octets"),
        ));
    }
    Ok(true)
}

/// A client's end of the talk.
#[derive(Debug)]
pub struct Talk {
    reader: BufReader<UnixStream>,
}

impl Talk {
    /// Talk over a connected stream. An answer may take `patience` at most.
    ///
    /// # Errors
    /// `patience` is zero.
    pub fn new(stream: UnixStream, patience: Duration) -> io::Result<Self> {
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        Ok(Self {
            reader: BufReader::new(stream),
        })
    }

    /// Who is at the other end: the process that called `listen`.
    ///
    /// # Errors
    /// As [`caller`].
    pub fn server(&self) -> io::Result<Caller> {
        caller(self.reader.get_ref())
    }

    /// Send one line and wait for the answer. `None`: the server has closed its end.
    ///
    /// # Errors
    /// The stream's; `WouldBlock` or `TimedOut` if no answer came in time.
    pub fn ask(&mut self, line: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let message = [line, b"\n"].concat();
        self.reader.get_mut().write_all(&message)?;
        let mut answer = Vec::new();
        Ok(read_line(&mut self.reader, &mut answer)?.then_some(answer))
    }
}

/// Why `connect` to `address` failed, and what to do, in a sentence.
pub fn why_not_connected(address: &Address, error: &io::Error) -> String {
    let start = "start the server first: cargo run -q -p lesson-03-unix-sockets -- server";
    let Address::Path(path) = address else {
        return match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                format!("nobody is listening at the abstract name {address}: {start} --abstract")
            }
            _ => format!("cannot connect to {address}: {}", reason(error)),
        };
    };
    let meta = fs::symlink_metadata(path);
    let is_socket = meta.as_ref().is_ok_and(|meta| {
        // connect(2) follows links, so a link is no reason by itself.
        meta.file_type().is_socket() || meta.file_type().is_symlink()
    });
    match error.kind() {
        io::ErrorKind::NotFound => format!("there is no {address}: {start} --path {address}"),
        io::ErrorKind::ConnectionRefused if is_socket => format!(
            "nobody answers at {address}: the file was left behind by a server that has ended; \
             start the server again, it replaces the file"
        ),
        io::ErrorKind::ConnectionRefused => {
            format!(
                "{address} is not a socket: give the path that the server printed after `listening on`"
            )
        }
        io::ErrorKind::PermissionDenied => {
            let user = rustix::process::geteuid().as_raw();
            match meta {
                Ok(meta) => format!(
                    "user {user} may not connect to {address}: the file's mode is {:04o} and its \
                     owner user {}; to connect takes the right to write",
                    meta.mode() & 0o7777,
                    meta.uid()
                ),
                Err(_) => format!(
                    "user {user} may not connect to {address}: a folder on the way to it is closed"
                ),
            }
        }
        _ if error.raw_os_error() == Some(rustix::io::Errno::PROTOTYPE.raw_os_error()) => {
            format!("{address} is no stream socket: to send datagrams to it, use the command send")
        }
        _ => format!("cannot connect to {address}: {}", reason(error)),
    }
}

#[cfg(test)]
mod tests;
