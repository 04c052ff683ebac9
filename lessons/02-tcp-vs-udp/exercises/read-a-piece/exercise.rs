//! Exactly so many octets. The task is in `task.md`.

use std::io::{self, Read};

// The socket of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use it as you know it.
use kit::net::TcpStream;

/// The next `count` octets of the stream, `count` being at least 1. What comes after them stays in the
/// stream.
///
/// `Ok(None)` when the stream ends before the first of them. When it ends later, an error of the kind
/// `UnexpectedEof`.
pub fn next_piece(stream: &mut TcpStream, count: usize) -> io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; count];
    let arrived = stream.read(&mut piece)?;
    piece.truncate(arrived);
    Ok(Some(piece))
}
