//! Lines from the keyboard, and news of the peer while you type.

use crate::error::ChatError;
use std::io::{self, BufRead};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

/// Nobody types a line in so short a time.
const AT_ONCE: Duration = Duration::from_millis(5);

/// What can happen while the program waits.
#[derive(Debug)]
pub enum Event {
    /// A line was typed, here without its end.
    Line(String),
    /// Ctrl-D, or the end of the file that is piped in.
    EndOfInput,
    /// The input cannot be read.
    InputFailed(io::Error),
    /// Something from the peer waits to be read.
    PeerSpoke,
    /// The peer will send no more: end of stream.
    PeerLeft,
    /// The connection was reset or has failed.
    PeerFailed(ChatError),
}

/// The keyboard and the connection, watched by a thread each.
///
/// A program that is blocked in a read of its keyboard does not see what happens on its socket. The
/// portable cure with the standard library alone is one thread for each thing that blocks.
#[derive(Debug)]
pub struct Watch {
    ask: SyncSender<()>,
    look: SyncSender<()>,
    /// Whether the thread at the connection has not answered yet.
    looking: bool,
    news: Receiver<Event>,
}

impl Watch {
    /// Watches `stream`, and reads lines from `input`: one each time it is asked and never ahead.
    ///
    /// # Errors
    /// The system has no file descriptor left for a second handle on the socket.
    pub fn new(stream: &TcpStream, input: impl BufRead + Send + 'static) -> io::Result<Self> {
        let stream = stream.try_clone()?;
        let (report, news) = sync_channel(2);
        let (ask, asked) = sync_channel(1);
        let lines = report.clone();
        thread::spawn(move || read_lines(input, &asked, &lines));
        let (look, asked) = sync_channel(1);
        thread::spawn(move || look_at_peer(&stream, &asked, &report));
        Ok(Self {
            ask,
            look,
            looking: false,
            news,
        })
    }

    /// Waits for a line. Returns early when the peer has gone, not when it has spoken.
    pub fn line(&mut self) -> Event {
        let _ = self.ask.try_send(());
        // A file or another program answers at once: nobody need look at the peer meanwhile. To wake a
        // thread for it would double the time of a turn.
        if !self.looking {
            if let Ok(event) = self.news.recv_timeout(AT_ONCE) {
                return event;
            }
            self.looking = true;
            let _ = self.look.try_send(());
        }
        loop {
            match self.next() {
                Event::PeerSpoke => {}
                event => return event,
            }
        }
    }

    /// Waits until the peer has spoken or gone, if the thread at the connection looks out for that.
    /// `None`: nobody does, and the caller may wait at the socket itself.
    pub fn peer(&mut self) -> Option<Event> {
        self.looking.then(|| self.next())
    }

    fn next(&mut self) -> Event {
        let event = self.news.recv().unwrap_or(Event::EndOfInput);
        if matches!(event, Event::PeerSpoke) {
            self.looking = false;
        }
        event
    }
}

/// The thread at the keyboard.
fn read_lines(mut input: impl BufRead, asked: &Receiver<()>, report: &SyncSender<Event>) {
    while asked.recv().is_ok() {
        let event = match read_line(&mut input) {
            Ok(Some(line)) => Event::Line(line),
            Ok(None) => Event::EndOfInput,
            Err(error) => Event::InputFailed(error),
        };
        if report.send(event).is_err() {
            return;
        }
    }
}

// ANCHOR: look
/// The thread at the connection. *Peeking* looks at the next octet without taking
/// it (`MSG_PEEK`, recv(2)); 0 octets are the end of the stream.
fn look_at_peer(stream: &TcpStream, asked: &Receiver<()>, report: &SyncSender<Event>) {
    while asked.recv().is_ok() {
        let event = loop {
            match stream.peek(&mut [0]) {
                Ok(0) => break Event::PeerLeft,
                Ok(_) => break Event::PeerSpoke,
                Err(error) if is_only_a_pause(&error) => {}
                Err(error) => break Event::PeerFailed(ChatError::from_socket(error)),
            }
        };
        if report.send(event).is_err() {
            return;
        }
    }
}
// ANCHOR_END: look

/// Whether a read has only run out of time or was disturbed by a signal.
pub(crate) fn is_only_a_pause(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

/// One line without its `\n` or `\r\n`, or `None` at the end of the input.
///
/// # Errors
/// Those of `input`.
pub fn read_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if input.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.ends_with(b"\n") {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::read_line;
    use std::io::Cursor;

    #[test]
    fn lines_lose_their_ends_and_nothing_else() {
        let mut input = Cursor::new(b"one\r\n two \n\nlast".to_vec());
        for expected in ["one", " two ", "", "last"] {
            assert_eq!(read_line(&mut input).unwrap().unwrap(), expected);
        }
        assert_eq!(read_line(&mut input).unwrap(), None);
    }
}
