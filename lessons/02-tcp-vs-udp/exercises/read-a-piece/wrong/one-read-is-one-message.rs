//! One read is one message.
//!
//! `read` returns what has arrived: here two octets of five. TCP keeps no boundaries, and the other
//! three are still on their way. Read on, into the rest of the buffer, until all five are there.

use std::io::{self, Read};

use kit::net::TcpStream;

/// The next `count` octets of the stream, `count` being at least 1. What comes after them stays in the
/// stream.
///
/// `Ok(None)` when the stream ends before the first of them. When it ends later, an error of the kind
/// `UnexpectedEof`.
pub fn next_piece(stream: &mut TcpStream, count: usize) -> io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; count];
    let arrived = stream.read(&mut piece)?;
    if arrived == 0 {
        return Ok(None);
    }
    piece.truncate(arrived);
    Ok(Some(piece))
}
