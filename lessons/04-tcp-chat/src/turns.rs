//! Taking turns: one speaks, the other listens, and each notices when the other is gone.

use crate::BYE;
use crate::error::ChatError;
use crate::incoming::{Incoming, Turn};
use crate::keyboard::{Event, Keyboard};
use crate::screen::Screen;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Which of the two we are. The client speaks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Waited for the call; listens first.
    Server,
    /// Called; speaks first.
    Client,
}

/// How a conversation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// We typed `bye`, or our input ended.
    WeSaidBye,
    /// The peer said `bye`.
    PeerSaidBye,
    /// The peer closed the connection without `bye`.
    PeerLeft,
}

/// What to say about an empty line.
pub const EMPTY_LINE: &str =
    "an empty line is 0 octets: nothing would arrive and both would wait; type something";

// ANCHOR: talk
/// Holds a conversation in turns until somebody says `bye` or leaves.
///
/// # Errors
/// The connection was reset, or the screen or the keyboard failed.
pub fn talk<W: Write>(
    stream: &TcpStream,
    role: Role,
    keyboard: &Keyboard,
    screen: &mut Screen<W>,
    show_at_most: u64,
) -> Result<Ending, ChatError> {
    let mut incoming = Incoming::new(stream, show_at_most);
    let look = keyboard.watch(stream).map_err(ChatError::Socket)?;
    let mut our_turn = role == Role::Client;
    loop {
        if !our_turn {
            match incoming.turn(screen)? {
                Turn::Text => {}
                Turn::Bye => return Ok(peer_said_bye(stream, role)),
                Turn::Left => return Ok(Ending::PeerLeft),
            }
        }
        our_turn = false;

        // A look that is still going on needs no second one.
        let _ = look.try_send(());
        let Some(line) = our_line(keyboard, screen)? else {
            return Ok(Ending::PeerLeft);
        };

        // Whatever arrived before we answer still belongs to the peer's turn.
        match incoming.late(screen)? {
            None | Some(Turn::Text) => {}
            Some(Turn::Bye) => return Ok(peer_said_bye(stream, role)),
            Some(Turn::Left) => return Ok(Ending::PeerLeft),
        }
        send(stream, &line)?;
        if line == BYE {
            hang_up(stream);
            return Ok(Ending::WeSaidBye);
        }
    }
}
// ANCHOR_END: talk

/// Asks for a line until there is one to send. `None`: the peer has left meanwhile.
fn our_line<W: Write>(
    keyboard: &Keyboard,
    screen: &mut Screen<W>,
) -> Result<Option<String>, ChatError> {
    loop {
        screen.prompt()?;
        match keyboard.ask() {
            Event::Line(line) => {
                screen.line_was_typed();
                if !line.is_empty() {
                    return Ok(Some(line));
                }
                screen.note(EMPTY_LINE)?;
            }
            Event::EndOfInput => {
                screen.leave_prompt()?;
                return Ok(Some(BYE.to_owned()));
            }
            Event::InputFailed(error) => return Err(ChatError::Keyboard(error)),
            Event::PeerLeft => {
                screen.leave_prompt()?;
                return Ok(None);
            }
            Event::PeerFailed(error) => {
                screen.leave_prompt()?;
                return Err(error);
            }
        }
    }
}

/// Sends one turn: all of its octets, and nothing else.
///
/// # Errors
/// The connection was reset or has failed.
pub fn send(mut stream: &TcpStream, line: &str) -> Result<(), ChatError> {
    // `write` may take only a part of the octets; `write_all` goes on until the kernel has them all.
    stream
        .write_all(line.as_bytes())
        .map_err(ChatError::from_socket)
}

/// The server leaves without a word. A client answers `bye`, because a server that knows only the
/// client's `bye` would wait for it.
fn peer_said_bye(stream: &TcpStream, role: Role) -> Ending {
    if role == Role::Client {
        // The server may have gone already. It has said all it wanted.
        let _ = send(stream, BYE);
    }
    hang_up(stream);
    Ending::PeerSaidBye
}

/// Closes our direction first and lets the peer finish, so that our last words are not destroyed.
///
/// A close with octets unread sends RST instead of FIN, and RST makes the peer's system throw away
/// what its program has not read yet (RFC 1122, section 4.2.2.13).
pub(crate) fn hang_up(mut stream: &TcpStream) {
    let mut rest = [0; 1024];
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
    for _ in 0..64 {
        match stream.read(&mut rest) {
            Ok(1..) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => break,
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}
