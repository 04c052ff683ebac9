//! Peers that break the rules, to try against your own server.
//!
//! Each of them is a client. Where the moment matters, it waits for Enter before it goes on, so that
//! you can see the server between two steps.

use crate::error::ChatError;
use crate::keyboard::read_line;
use crate::screen::{PROMPT, visible};
use crate::{BYE, READ_SIZE};
use socket2::SockRef;
use std::io::{BufRead, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// What a bad peer can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mischief {
    /// Closes the connection without `bye`.
    Vanish,
    /// Resets the connection (RST).
    Reset,
    /// Sends two messages without waiting for its turn.
    TwoAtOnce,
    /// Sends the two octets of an `é` one by one.
    CutCharacter,
    /// Sends Latin-1, where an `é` is the single octet 0xE9.
    InvalidUtf8,
    /// Sends control sequences that rewrite the screen.
    Escape,
    /// Sends this many octets without a newline.
    Flood(u64),
    /// Connects and says nothing.
    Silent,
}

/// A sequence that moves the cursor up, erases that line and writes a forged one in green.
const ESCAPE: &str = "\u{1b}[1A\u{1b}[2K\u{1b}[32mthis line is a forgery\u{1b}[0m";

/// A bad peer, and the person who directs it.
#[derive(Debug)]
pub struct Peer<I, O> {
    stream: TcpStream,
    director: I,
    out: O,
}

impl<I: BufRead, O: Write> Peer<I, O> {
    /// A peer on a connected socket. It tells `out` what it does and waits for lines on `director`.
    pub fn new(stream: TcpStream, director: I, out: O) -> Self {
        Self {
            stream,
            director,
            out,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// The connection was reset, or the screen or the keyboard failed.
    pub fn commit(mut self, mischief: Mischief) -> Result<(), ChatError> {
        match mischief {
            Mischief::Vanish => {
                self.send(b"hello")?;
                self.pause("press Enter to close the connection without `bye`")?;
                self.say("closed")
            }
            Mischief::Reset => {
                self.send(b"hello")?;
                self.pause("press Enter to reset the connection")?;
                // Lingering for 0 seconds turns close into reset (socket(7), SO_LINGER).
                SockRef::from(&self.stream)
                    .set_linger(Some(Duration::ZERO))
                    .map_err(ChatError::Socket)?;
                self.say("reset")
            }
            Mischief::TwoAtOnce => {
                self.send(b"hello")?;
                self.pause("press Enter to send two messages and leave")?;
                self.send(b"see you")?;
                self.send(BYE.as_bytes())?;
                self.leave()
            }
            Mischief::CutCharacter => {
                self.send(b"caf\xc3")?;
                self.pause("press Enter to send the second half of the \u{e9}")?;
                self.send(b"\xa9")?;
                self.listen_then_bye()
            }
            Mischief::InvalidUtf8 => {
                self.send(b"caf\xe9 au lait")?;
                self.listen_then_bye()
            }
            Mischief::Escape => {
                self.send(ESCAPE.as_bytes())?;
                self.listen_then_bye()
            }
            Mischief::Flood(octets) => self.flood(octets),
            Mischief::Silent => {
                self.pause("saying nothing; press Enter to leave")?;
                self.leave()
            }
        }
    }

    fn flood(&mut self, octets: u64) -> Result<(), ChatError> {
        let chunk = [b'x'; 8 * READ_SIZE];
        let mut sent = 0;
        while sent < octets {
            let size = chunk
                .len()
                .min(usize::try_from(octets - sent).unwrap_or(usize::MAX));
            match self.stream.write(&chunk[..size]) {
                Ok(count) => sent += count as u64,
                Err(error) => {
                    self.say(&format!("stopped after {sent} octets"))?;
                    return Err(ChatError::from_socket(error));
                }
            }
        }
        self.say(&format!("sent {sent} octets without a newline"))?;
        self.leave()
    }

    fn send(&mut self, octets: &[u8]) -> Result<(), ChatError> {
        self.stream
            .write_all(octets)
            .map_err(ChatError::from_socket)?;
        self.say(&format!("sent {}", described(octets)))
    }

    fn listen_then_bye(&mut self) -> Result<(), ChatError> {
        let mut octets = [0; READ_SIZE];
        let count = self
            .stream
            .read(&mut octets)
            .map_err(ChatError::from_socket)?;
        if count == 0 {
            return self.say("the server has left");
        }
        self.say(&format!("received {}", described(&octets[..count])))?;
        self.send(BYE.as_bytes())?;
        self.leave()
    }

    /// Closes our direction, and waits until the peer has closed its own: a close with octets unread
    /// would be a reset.
    fn leave(&mut self) -> Result<(), ChatError> {
        let closed = self.stream.shutdown(Shutdown::Write);
        closed.map_err(ChatError::from_socket)?;
        let mut octets = [0; READ_SIZE];
        loop {
            match self.stream.read(&mut octets) {
                Ok(0) => return self.say("closed"),
                Ok(count) => self.say(&format!("received {}", described(&octets[..count])))?,
                Err(error) => return Err(ChatError::from_socket(error)),
            }
        }
    }

    fn pause(&mut self, what: &str) -> Result<(), ChatError> {
        self.say(what)?;
        self.out
            .write_all(PROMPT.as_bytes())
            .and_then(|()| self.out.flush())
            .map_err(ChatError::Screen)?;
        // The end of the input is as good as Enter.
        read_line(&mut self.director)
            .map(drop)
            .map_err(ChatError::Keyboard)
    }

    fn say(&mut self, what: &str) -> Result<(), ChatError> {
        writeln!(self.out, "{what}")
            .and_then(|()| self.out.flush())
            .map_err(ChatError::Screen)
    }
}

/// `5 octets: hello`; octets that are no text stand as `\xe9`.
fn described(octets: &[u8]) -> String {
    let text: String = octets
        .utf8_chunks()
        .map(|piece| {
            let invalid = piece.invalid().iter();
            let invalid: Vec<_> = invalid.map(|octet| format!("\\x{octet:02x}")).collect();
            visible(piece.valid()) + &invalid.concat()
        })
        .collect();
    let unit = if octets.len() == 1 { "octet" } else { "octets" };
    format!("{} {unit}: {text}", octets.len())
}

#[cfg(test)]
mod tests {
    use super::described;

    #[test]
    fn octets_are_described_without_obeying_them() {
        assert_eq!(described(b"hello"), "5 octets: hello");
        assert_eq!(described(b"\xa9"), "1 octet: \\xa9");
        assert_eq!(described(b"\x1b[0m"), "4 octets: \\u{1b}[0m");
    }
}
