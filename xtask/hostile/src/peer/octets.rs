//! Peers that send what nobody asked for.

use std::io;
use std::net::Shutdown;
use std::thread;
use std::time::Duration;

use socket2::Socket;

use crate::attack::{Attack, Heard};
use crate::target::PATIENCE;

/// How long a peer waits for an answer before it goes on to the next variation.
const A_MOMENT: Duration = Duration::from_millis(20);

/// Octets without a newline, as fast as the server takes them, or until it ends the connection.
pub fn flood(attack: &Attack<'_>) -> io::Result<()> {
    loop {
        if let Some(socket) = attack.connect()? {
            let reader = socket.try_clone()?;
            thread::scope(|scope| {
                // A relay brings the octets back: who did not read them would fill the path, and that
                // is another attack.
                scope.spawn(|| while let Heard::Octets(_) = attack.hear(&reader, PATIENCE) {});
                pour(attack, &socket);
                // An error says that the server has ended it already.
                let _ = socket.shutdown(Shutdown::Write);
            });
        }
        if !attack.gate.round_done() {
            return Ok(());
        }
    }
}

fn pour(attack: &Attack<'_>, socket: &Socket) {
    let chunk = vec![b'x'; 64 * 1024];
    let mut left = attack.settings.octets;
    while left > 0 && attack.gate.is_open() {
        let length = left.min(chunk.len() as u64);
        let length = usize::try_from(length).unwrap_or(chunk.len());
        if !attack.send(socket, &chunk[..length]) {
            return;
        }
        left -= length as u64;
    }
}

/// What is not text, or text that a terminal would obey.
pub const GARBAGE: &[&[u8]] = &[
    // Not UTF-8: octets that never occur, a lone continuation, a character cut off, an overlong
    // form of "/", a surrogate (RFC 3629 §3 and §10).
    b"\xff\xfe\n",
    b"\x80\n",
    b"caf\xc3\n",
    b"\xc0\xaf\n",
    b"\xed\xa0\x80\n",
    // NUL, alone and inside.
    b"\0\n",
    b"GET kept\0.txt\n",
    // Clear the screen, set the window's title, ask the terminal to answer (ECMA-48).
    b"\x1b[2J\x1b[H\n",
    b"\x1b]0;title\x07\n",
    b"\x1b[6n\n",
    // The one-octet form of ESC [, and characters that turn the direction of writing.
    b"\xc2\x9b2J\n",
    "\u{202e}txt.exe\u{2066}\n".as_bytes(),
    // Line ends of all kinds.
    b"\r\r\n\n\r",
];

/// Every piece of [`GARBAGE`], each on a connection of its own.
pub fn garbage(attack: &Attack<'_>) -> io::Result<()> {
    one_connection_each(attack, GARBAGE.len(), |number| GARBAGE[number].to_vec())
}

/// 100 connections with 1 to 4,096 random octets each.
pub fn random(attack: &Attack<'_>) -> io::Result<()> {
    let seed = attack.settings.seed;
    one_connection_each(attack, 100, |number| {
        let mut dice =
            fastrand::Rng::with_seed(seed.wrapping_mul(1_000).wrapping_add(number as u64));
        let length = dice.usize(1..=4_096);
        std::iter::repeat_with(|| dice.u8(..))
            .take(length)
            .collect()
    })
}

/// Every beginning of a valid conversation, from no octet to all of them; and some beginnings of an upload
/// that would replace a file.
pub fn prefixes(attack: &Attack<'_>) -> io::Result<()> {
    let speech = attack.settings.speech;
    let (whole, uploads) = (speech.whole(), speech.cut_uploads());
    let count = whole.len() + 1;
    one_connection_each(attack, count + uploads.len(), |number| {
        match number.checked_sub(count) {
            Some(upload) => uploads[upload].clone(),
            None => whole[..number].to_vec(),
        }
    })
}

/// For each variation a connection that sends these octets, listens for a moment, and closes.
fn one_connection_each(
    attack: &Attack<'_>,
    count: usize,
    octets: impl Fn(usize) -> Vec<u8>,
) -> io::Result<()> {
    while attack.variations(count, |number| {
        if let Some(socket) = attack.connect()?
            && attack.send(&socket, &octets(number))
        {
            attack.half_close(&socket, A_MOMENT);
        }
        Ok(())
    })? {}
    Ok(())
}
