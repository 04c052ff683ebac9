//! The chat pair as a first tutorial shows it: correct as long as nothing unusual happens.
//!
//! This module is kept faulty on purpose. Every fault has a cured counterpart in [`crate::turns`].

use crate::error::ChatError;
use crate::keyboard::read_line;
use crate::screen::PROMPT;
use crate::{BYE, READ_SIZE};
use std::io::{BufRead, Read, Write};

// ANCHOR: naive
/// Waits for the peer's words, prints them, asks for a reply, sends it, until the
/// peer says `bye`.
///
/// # Errors
/// Everything unusual ends the conversation.
pub fn serve(
    socket: &mut (impl Read + Write),
    keyboard: &mut impl BufRead,
    screen: &mut impl Write,
) -> Result<(), ChatError> {
    loop {
        let data = receive(socket)?;
        if data == BYE {
            return Ok(());
        }
        print(screen, &data)?;
        let reply = ask(keyboard, screen)?;
        send(socket, &reply)?;
    }
}

/// Asks for a line, sends it, waits for the reply and prints it, until the line is
/// `bye`.
///
/// # Errors
/// Everything unusual ends the conversation.
pub fn call(
    socket: &mut (impl Read + Write),
    keyboard: &mut impl BufRead,
    screen: &mut impl Write,
) -> Result<(), ChatError> {
    loop {
        let text = ask(keyboard, screen)?;
        send(socket, &text)?;
        if text == BYE {
            return Ok(());
        }
        let reply = receive(socket)?;
        print(screen, &reply)?;
    }
}
// ANCHOR_END: naive

// ANCHOR: receive
/// One read is taken for one message, and its octets must be complete characters.
fn receive(socket: &mut impl Read) -> Result<String, ChatError> {
    let mut octets = [0; READ_SIZE];
    let count = socket.read(&mut octets).map_err(ChatError::from_socket)?;
    String::from_utf8(octets[..count].to_vec()).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        ChatError::NotUtf8 {
            at,
            octet: octets[at],
            cut_off: error.utf8_error().error_len().is_none(),
        }
    })
}
// ANCHOR_END: receive

/// One write, whatever it takes. An empty text is a write of 0 octets: nothing crosses the wire.
fn send(socket: &mut impl Write, text: &str) -> Result<(), ChatError> {
    socket
        .write(text.as_bytes())
        .map(drop)
        .map_err(ChatError::from_socket)
}

/// The peer's octets go to the terminal as they are.
fn print(screen: &mut impl Write, text: &str) -> Result<(), ChatError> {
    writeln!(screen, "{text}").map_err(ChatError::Screen)
}

fn ask(keyboard: &mut impl BufRead, screen: &mut impl Write) -> Result<String, ChatError> {
    screen
        .write_all(PROMPT.as_bytes())
        .and_then(|()| screen.flush())
        .map_err(ChatError::Screen)?;
    match read_line(keyboard).map_err(ChatError::Keyboard)? {
        Some(line) => Ok(line),
        None => print(screen, "").and(Err(ChatError::EndOfInput)),
    }
}

#[cfg(test)]
mod tests {
    use super::{call, serve};
    use crate::error::ChatError;
    use std::collections::VecDeque;
    use std::io::{self, Cursor, Read, Write};

    /// A peer that has said everything beforehand: one entry a read.
    struct Script {
        reads: VecDeque<Vec<u8>>,
        sent: Vec<Vec<u8>>,
    }

    impl Script {
        fn new(reads: &[&[u8]]) -> Self {
            Self {
                reads: reads.iter().map(|read| read.to_vec()).collect(),
                sent: Vec::new(),
            }
        }
    }

    impl Read for Script {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let mut next = self.reads.pop_front().unwrap_or_default();
            let count = next.len().min(buffer.len());
            buffer[..count].copy_from_slice(&next[..count]);
            let rest = next.split_off(count);
            if !rest.is_empty() {
                self.reads.push_front(rest);
            }
            Ok(count)
        }
    }

    impl Write for Script {
        fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
            self.sent.push(octets.to_vec());
            Ok(octets.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_server_answers_and_leaves_at_bye_without_printing_it() {
        let mut peer = Script::new(&[b"hello", b"bye"]);
        let mut screen = Vec::new();
        serve(&mut peer, &mut Cursor::new("hi\n"), &mut screen).unwrap();
        assert_eq!(peer.sent, [b"hi"]);
        assert_eq!(screen, b"hello\n>>> ");
    }

    #[test]
    fn the_client_speaks_first_and_does_not_wait_after_bye() {
        let mut peer = Script::new(&[b"hi"]);
        let mut screen = Vec::new();
        call(&mut peer, &mut Cursor::new("hello\nbye\n"), &mut screen).unwrap();
        assert_eq!(peer.sent, [b"hello".as_slice(), b"bye"]);
        assert_eq!(screen, b">>> hi\n>>> ");
    }

    #[test]
    fn a_long_message_is_taken_for_two() {
        let long = vec![b'x'; 1500];
        let mut peer = Script::new(&[&long, b"bye"]);
        let mut screen = Vec::new();
        serve(&mut peer, &mut Cursor::new("one\ntwo\n"), &mut screen).unwrap();
        assert_eq!(peer.sent.len(), 2, "one message, two replies");
    }

    #[test]
    fn a_character_cut_by_the_edge_ends_it() {
        let mut long = "x".repeat(1023);
        long.push('é');
        let mut peer = Script::new(&[long.as_bytes()]);
        let error = serve(&mut peer, &mut Cursor::new("hi\n"), &mut Vec::new()).unwrap_err();
        assert!(matches!(
            error,
            ChatError::NotUtf8 {
                at: 1023,
                cut_off: true,
                ..
            }
        ));
    }

    #[test]
    fn a_glued_bye_is_not_recognised() {
        let mut peer = Script::new(&[b"see youbye"]);
        let mut screen = Vec::new();
        let error = serve(&mut peer, &mut Cursor::new("what?\n"), &mut screen).unwrap_err();
        assert!(matches!(error, ChatError::EndOfInput));
        assert!(screen.starts_with(b"see youbye\n>>> "));
    }
}
