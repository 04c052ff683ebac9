//! Both may speak when they like: one thread for each direction of the connection.

use crate::BYE;
use crate::error::ChatError;
use crate::incoming::{Incoming, Turn};
use crate::keyboard::read_line;
use crate::screen::Screen;
use crate::turns::{
    EMPTY_LINE, END_OF_INPUT, Ending, LAST_WORDS, Role, hang_up, peer_said_bye, send,
};
use std::io::{BufRead, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Holds a conversation without turns: what you type is sent at once, what arrives is shown at once.
///
/// A TCP connection is two streams of octets, one in each direction, and neither waits for the other
/// (*full duplex*). So each has its thread: this one receives, a second one sends.
///
/// # Errors
/// The connection was reset, or the screen or the keyboard failed.
// ANCHOR: anytime
pub fn talk_anytime<W: Write + Send + 'static>(
    stream: &TcpStream,
    role: Role,
    keyboard: impl BufRead + Send + 'static,
    screen: &Arc<Screen<W>>,
    show_at_most: u64,
) -> Result<Ending, ChatError> {
    let sent = Arc::new(Mutex::new(None));
    let (received_all, wait_for_receiver) = channel::<()>();
    let sending = Sending {
        stream: stream.try_clone().map_err(ChatError::Socket)?,
        screen: Arc::clone(screen),
        sent: Arc::clone(&sent),
        wait_for_receiver,
    };
    thread::spawn(move || sending.run(keyboard));

    let mut incoming = Incoming::new(stream, show_at_most);
    let ending = loop {
        match incoming.turn(screen) {
            Ok(Turn::Text) => screen.prompt_again()?,
            Ok(Turn::Bye) => break Ok(peer_said_bye(stream, role)),
            Ok(Turn::Left) => break Ok(Ending::PeerLeft),
            Err(error) => break Err(error),
        }
    };
    drop(received_all);
    screen.leave_prompt()?;
    match take(&sent) {
        Some(Ok(())) => Ok(Ending::WeSaidBye),
        // The keyboard failed, and so the conversation could not go on.
        Some(Err(error @ ChatError::Keyboard(_))) => Err(error),
        _ => {
            hang_up(stream);
            ending
        }
    }
}
// ANCHOR_END: anytime

/// How the sending thread has ended, if it has.
type Sent = Arc<Mutex<Option<Result<(), ChatError>>>>;

fn take(sent: &Sent) -> Option<Result<(), ChatError>> {
    sent.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// The thread that sends.
struct Sending<W> {
    stream: TcpStream,
    screen: Arc<Screen<W>>,
    sent: Sent,
    /// Ends when the receiving thread has ended.
    wait_for_receiver: Receiver<()>,
}

impl<W: Write> Sending<W> {
    fn run(self, keyboard: impl BufRead) {
        let result = self.lines(keyboard);
        let said_bye = result.is_ok();
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        if said_bye {
            // We have said all we want; the peer may not have. Close our direction only.
            let _ = self.stream.shutdown(Shutdown::Write);
            let _ = self.wait_for_receiver.recv_timeout(LAST_WORDS);
        }
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    fn lines(&self, mut keyboard: impl BufRead) -> Result<(), ChatError> {
        loop {
            self.screen.prompt()?;
            let Some(line) = read_line(&mut keyboard).map_err(ChatError::Keyboard)? else {
                self.screen.leave_prompt()?;
                self.screen.note(END_OF_INPUT)?;
                return send(&self.stream, BYE);
            };
            self.screen.line_was_typed();
            if line.is_empty() {
                self.screen.note(EMPTY_LINE)?;
                continue;
            }
            send(&self.stream, &line)?;
            if line == BYE {
                return Ok(());
            }
        }
    }
}
