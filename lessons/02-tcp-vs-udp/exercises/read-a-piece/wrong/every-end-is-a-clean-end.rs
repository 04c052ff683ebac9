//! Every end of the stream is a clean end.
//!
//! Between two messages an end means that the peer has finished. Inside a message it means that something was
//! cut off: the peer's program has ended, or the cable has. Whoever takes the second for the first loses
//! data without noticing. Count how many octets of the piece have come, and tell the two ends apart.

use std::io::{self, Read};

use kit::net::TcpStream;

/// The next `count` octets of the stream, `count` being at least 1. What comes after them stays in the
/// stream.
///
/// `Ok(None)` when the stream ends before the first of them. When it ends later, an error of the kind
/// `UnexpectedEof`.
pub fn next_piece(stream: &mut TcpStream, count: usize) -> io::Result<Option<Vec<u8>>> {
    let mut piece = Vec::new();
    while piece.len() < count {
        let mut rest = vec![0; count - piece.len()];
        let arrived = stream.read(&mut rest)?;
        if arrived == 0 {
            return Ok(None);
        }
        piece.extend_from_slice(&rest[..arrived]);
    }
    Ok(Some(piece))
}
