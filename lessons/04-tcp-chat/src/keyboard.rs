//! Lines from the keyboard, and news of the peer while you type.

use crate::error::ChatError;
use std::io::{self, BufRead};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// What can happen while the program waits for a line.
#[derive(Debug)]
pub enum Event {
    /// A line was typed, here without its end.
    Line(String),
    /// Ctrl-D, or the end of the file that is piped in.
    EndOfInput,
    /// The input cannot be read.
    InputFailed(io::Error),
    /// The peer will send no more: end of stream.
    PeerLeft,
    /// The connection was reset or has failed.
    PeerFailed(ChatError),
}

/// Reads lines in a thread of its own, one for each [`Keyboard::ask`], so that the program can
/// notice at the same time that the peer has gone.
///
/// A program blocked in `read` on the keyboard does not see what happens on its socket. The portable
/// cure with the standard library alone is one thread for each thing that blocks.
#[derive(Debug)]
pub struct Keyboard {
    ask: SyncSender<()>,
    news: Receiver<Event>,
    report: SyncSender<Event>,
}

impl Keyboard {
    /// Reads from `input`, a line each time it is asked and never ahead.
    pub fn new(mut input: impl BufRead + Send + 'static) -> Self {
        let (ask, asked) = sync_channel::<()>(1);
        let (report, news) = sync_channel(2);
        let lines = report.clone();
        thread::spawn(move || {
            while asked.recv().is_ok() {
                let event = match read_line(&mut input) {
                    Ok(Some(line)) => Event::Line(line),
                    Ok(None) => Event::EndOfInput,
                    Err(error) => Event::InputFailed(error),
                };
                if lines.send(event).is_err() {
                    return;
                }
            }
        });
        Self { ask, news, report }
    }

    // ANCHOR: watch
    /// Reports it when the peer leaves while we wait for the keyboard.
    ///
    /// *Peeking* looks at the next octet without taking it (`MSG_PEEK`, recv(2)); 0 octets mean the
    /// end of the stream. Each message on the returned channel starts one look.
    ///
    /// # Errors
    /// The system has no file descriptor left for a second handle on the socket.
    pub fn watch(&self, stream: &TcpStream) -> io::Result<SyncSender<()>> {
        let stream = stream.try_clone()?;
        let report = self.report.clone();
        let (look, asked) = sync_channel::<()>(1);
        thread::spawn(move || {
            while asked.recv().is_ok() {
                let event = match stream.peek(&mut [0]) {
                    Ok(0) => Event::PeerLeft,
                    // Early text waits in the kernel until we read it. Nothing to report.
                    Ok(_) => continue,
                    Err(error) if is_only_a_pause(&error) => continue,
                    Err(error) => Event::PeerFailed(ChatError::from_socket(error)),
                };
                // If nobody listens any more, the conversation is over already.
                let _ = report.send(event);
                return;
            }
        });
        Ok(look)
    }
    // ANCHOR_END: watch

    /// Waits for a line, or for news of the peer.
    pub fn ask(&self) -> Event {
        // The channel is full when an earlier question has not been answered; it still stands.
        let _ = self.ask.try_send(());
        self.news.recv().unwrap_or(Event::EndOfInput)
    }
}

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
    use super::{Event, Keyboard, read_line};
    use std::io::Cursor;

    #[test]
    fn lines_lose_their_ends_and_nothing_else() {
        let mut input = Cursor::new(b"one\r\n two \n\nlast".to_vec());
        for expected in ["one", " two ", "", "last"] {
            assert_eq!(read_line(&mut input).unwrap().unwrap(), expected);
        }
        assert_eq!(read_line(&mut input).unwrap(), None);
    }

    #[test]
    fn the_keyboard_answers_each_question_once() {
        let keyboard = Keyboard::new(Cursor::new(b"a\nb\n".to_vec()));
        assert!(matches!(keyboard.ask(), Event::Line(line) if line == "a"));
        assert!(matches!(keyboard.ask(), Event::Line(line) if line == "b"));
        assert!(matches!(keyboard.ask(), Event::EndOfInput));
    }
}
