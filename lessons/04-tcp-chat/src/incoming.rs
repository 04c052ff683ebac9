//! The peer's turn: read what arrives until nothing more waits.

use crate::error::ChatError;
use crate::keyboard::is_only_a_pause;
use crate::screen::Screen;
use crate::{BYE, READ_SIZE, decode::Utf8Decoder};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long the peer must be silent before its turn counts as over, where more may be on its way.
///
/// A guess, and it cannot be more: see [`Incoming::turn`].
pub const PATIENCE: Duration = Duration::from_millis(100);

/// Look into the receive buffer, and do not wait.
const GLANCE: Duration = Duration::ZERO;

/// The same, for a peer that has sent more than is shown: it is surely not typing by hand.
const FLOOD_PATIENCE: Duration = Duration::from_secs(2);

/// How a turn of the peer's ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It said something, and now it is our turn.
    Text,
    /// It said `bye` and nothing else.
    Bye,
    /// It will send no more: end of stream.
    Left,
}

/// What waits in the receive buffer of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Nothing,
    Octets,
    EndOfStream,
}

/// The receiving half of a connection.
#[derive(Debug)]
pub struct Incoming<'a> {
    stream: &'a TcpStream,
    decoder: Utf8Decoder,
    show_at_most: u64,
    hidden: u64,
}

impl<'a> Incoming<'a> {
    /// Reads from `stream` and shows at most `show_at_most` octets of one turn.
    pub fn new(stream: &'a TcpStream, show_at_most: u64) -> Self {
        Self {
            stream,
            decoder: Utf8Decoder::default(),
            show_at_most,
            hidden: 0,
        }
    }

    /// Waits for the peer's words, shows them as they arrive, and returns when no more wait.
    ///
    /// Nothing on the wire says that a message is complete, so the end of a turn is a guess. One
    /// read that was not filled is most likely a whole message: a short `send` travels in one
    /// segment. After a full read, after half a character, or after what may be the beginning of
    /// `bye`, more may be on its way: then the turn is over when the peer has been silent for
    /// [`PATIENCE`]. It is never over in the middle of a character. If the guess is wrong nothing is lost: [`Self::late`] shows
    /// the rest before our answer goes out.
    ///
    /// # Errors
    /// The connection was reset, or the screen cannot be written to.
    pub fn turn<W: Write>(&mut self, screen: &Screen<W>) -> Result<Turn, ChatError> {
        self.listen(GLANCE, screen)
    }

    // ANCHOR: turn
    /// Reads until no more waits; `patience` is for a turn of one read that was not filled.
    fn listen<W: Write>(
        &mut self,
        mut patience: Duration,
        screen: &Screen<W>,
    ) -> Result<Turn, ChatError> {
        let mut room = self.show_at_most;
        let mut unshown = String::new(); // as long as it may be `bye`
        let mut may_be_bye = true;
        loop {
            let mut octets = [0; READ_SIZE];
            let count = self.read(&mut octets)?;
            if count == 0 {
                self.decoder.finish(&mut unshown);
                self.show(&unshown, &mut room, screen)?;
                self.end(screen)?;
                return Ok(Turn::Left);
            }
            self.decoder.push(&octets[..count], &mut unshown);

            may_be_bye = may_be_bye && BYE.starts_with(&unshown);
            if count == READ_SIZE || may_be_bye || self.decoder.is_midway() {
                patience = PATIENCE;
            }
            if room == 0 {
                patience = FLOOD_PATIENCE;
            }
            let waiting = self.waiting(patience)?;
            if may_be_bye && unshown == BYE && waiting != Waiting::Octets {
                return Ok(Turn::Bye);
            }
            if may_be_bye && waiting != Waiting::Nothing {
                continue;
            }

            self.show(&unshown, &mut room, screen)?;
            unshown.clear();
            may_be_bye = false;
            if waiting == Waiting::Nothing && !self.decoder.is_midway() {
                self.end(screen)?;
                return Ok(Turn::Text);
            }
        }
    }
    // ANCHOR_END: turn

    /// Shows what has arrived since the last turn ended, if anything has.
    ///
    /// As long as we have not answered it is the peer's turn, so this still belongs to it. A peer
    /// that has sent more than one message may send a third: this waits for [`PATIENCE`] always.
    ///
    /// # Errors
    /// As [`Self::turn`].
    pub fn late<W: Write>(&mut self, screen: &Screen<W>) -> Result<Option<Turn>, ChatError> {
        match self.waiting(GLANCE)? {
            Waiting::Nothing => Ok(None),
            Waiting::Octets | Waiting::EndOfStream => self.listen(PATIENCE, screen).map(Some),
        }
    }

    fn read(&self, octets: &mut [u8]) -> Result<usize, ChatError> {
        loop {
            match (&mut &*self.stream).read(octets) {
                Err(error) if is_only_a_pause(&error) => {}
                result => return result.map_err(ChatError::from_socket),
            }
        }
    }

    // ANCHOR: waiting
    /// Looks at the receive buffer without taking anything from it.
    fn waiting(&self, patience: Duration) -> Result<Waiting, ChatError> {
        // To `SO_RCVTIMEO` a time of 0 means "for ever", and the kernel rounds a short one up to its
        // next clock tick, some milliseconds (socket(7)). Not to wait at all is a mode of its own.
        let glance = patience.is_zero();
        let set = if glance {
            self.stream.set_nonblocking(true)
        } else {
            self.stream.set_read_timeout(Some(patience))
        };
        if set.is_err() {
            // macOS refuses that once the connection is over: let the read say how.
            return Ok(Waiting::Octets);
        }
        let seen = self.stream.peek(&mut [0]);
        let _ = if glance {
            self.stream.set_nonblocking(false)
        } else {
            self.stream.set_read_timeout(None)
        };
        match seen {
            Ok(0) => Ok(Waiting::EndOfStream),
            Ok(_) => Ok(Waiting::Octets),
            Err(error) if is_only_a_pause(&error) => Ok(Waiting::Nothing),
            Err(error) => Err(ChatError::from_socket(error)),
        }
    }
    // ANCHOR_END: waiting

    /// Shows as much of `text` as there is room for, and counts the rest.
    fn show<W: Write>(
        &mut self,
        text: &str,
        room: &mut u64,
        screen: &Screen<W>,
    ) -> Result<(), ChatError> {
        let fits = usize::try_from(*room).unwrap_or(usize::MAX);
        let mut cut = fits.min(text.len());
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let (shown, hidden) = text.split_at(cut);
        *room = if hidden.is_empty() {
            *room - shown.len() as u64
        } else {
            0
        };
        self.hidden += hidden.len() as u64;
        if !shown.is_empty() {
            screen.text(shown)?;
        }
        Ok(())
    }

    /// Ends the turn on the screen.
    fn end<W: Write>(&mut self, screen: &Screen<W>) -> Result<(), ChatError> {
        let hidden = std::mem::take(&mut self.hidden);
        screen.end_line()?;
        if hidden > 0 {
            let most = self.show_at_most;
            screen.note(&format!(
                "{hidden} octets more are not shown: --show-at-most is {most}"
            ))?;
        }
        Ok(())
    }
}
