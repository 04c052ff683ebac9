//! Taking turns: one speaks, the other listens, and each notices when the other is gone.

use crate::BYE;
use crate::error::ChatError;
use crate::incoming::{Incoming, Turn};
use crate::keyboard::{Event, Watch};
use crate::screen::Screen;
use std::io::{self, BufRead, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

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

/// What to say when the keyboard's input ends.
pub const END_OF_INPUT: &str = "end of input: `bye` is sent for you";

/// How long the peer may go on speaking after the end of the conversation.
pub(crate) const LAST_WORDS: Duration = Duration::from_secs(2);

/// What to say when the peer has gone while a line was typed.
const NOT_SENT: &str = "the peer has gone meanwhile: your last line was not sent";

/// Holds a conversation in turns until somebody says `bye` or leaves.
///
/// # Errors
/// The connection was reset, or the screen or the keyboard failed.
pub fn talk<W: Write>(
    stream: &TcpStream,
    role: Role,
    keyboard: impl BufRead + Send + 'static,
    screen: &Screen<W>,
    show_at_most: u64,
) -> Result<Ending, ChatError> {
    let mut incoming = Incoming::new(stream, show_at_most);
    let mut watch = Watch::new(stream, keyboard).map_err(ChatError::Socket)?;
    // ANCHOR: talk
    let mut our_turn = role == Role::Client;
    loop {
        if !our_turn {
            match their_turn(&mut watch, &mut incoming, screen)? {
                Turn::Text => {}
                Turn::Bye => return Ok(peer_said_bye(stream, role)),
                Turn::Left => return Ok(Ending::PeerLeft),
            }
        }
        our_turn = false;

        let Some(line) = our_line(&mut watch, screen)? else {
            return Ok(Ending::PeerLeft);
        };

        // Whatever arrived before we answer still belongs to the peer's turn.
        match incoming.late(screen)? {
            None | Some(Turn::Text) => {}
            Some(gone) => {
                screen.note(NOT_SENT)?;
                return Ok(match gone {
                    Turn::Bye => peer_said_bye(stream, role),
                    _ => Ending::PeerLeft,
                });
            }
        }
        send(stream, &line)?;
        if line == BYE {
            hang_up(stream);
            return Ok(Ending::WeSaidBye);
        }
    }
    // ANCHOR_END: talk
}

/// Waits until the peer speaks, and shows what it says.
///
/// Only one thread at a time waits at the socket: a reset is reported once, to one of them, and the
/// other would take it for an end of stream.
fn their_turn<W: Write>(
    watch: &mut Watch,
    incoming: &mut Incoming<'_>,
    screen: &Screen<W>,
) -> Result<Turn, ChatError> {
    match watch.peer() {
        Some(Event::PeerFailed(error)) => Err(error),
        // At the end of the stream this reads the end, which every further read finds again.
        _ => incoming.turn(screen),
    }
}

/// Asks for a line until there is one to send. `None`: the peer has left meanwhile.
fn our_line<W: Write>(watch: &mut Watch, screen: &Screen<W>) -> Result<Option<String>, ChatError> {
    loop {
        screen.prompt()?;
        match watch.line() {
            Event::Line(line) => {
                screen.line_was_typed();
                if !line.is_empty() {
                    return Ok(Some(line));
                }
                screen.note(EMPTY_LINE)?;
            }
            Event::EndOfInput => {
                screen.leave_prompt()?;
                screen.note(END_OF_INPUT)?;
                return Ok(Some(BYE.to_owned()));
            }
            Event::InputFailed(error) => return Err(ChatError::Keyboard(error)),
            Event::PeerLeft | Event::PeerSpoke => {
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
pub(crate) fn peer_said_bye(stream: &TcpStream, role: Role) -> Ending {
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
/// what its program has not read yet (RFC 9293, section 3.6.1).
pub(crate) fn hang_up(mut stream: &TcpStream) {
    let mut rest = [0; 1024];
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
    // Neither a flood nor an octet now and then may keep us here.
    let enough = Instant::now() + LAST_WORDS;
    for _ in 0..64 {
        if Instant::now() > enough {
            break;
        }
        match stream.read(&mut rest) {
            Ok(1..) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => break,
        }
    }
    let _ = stream.shutdown(Shutdown::Both);
}
