//! A read goes on in the buffer where the last one stopped.
//!
//! `read` knows nothing of the reads before it: it writes from the beginning of the slice that you hand
//! it. So the second part covers the first one, and zeros stay at the end. Hand it the part that is still
//! free: `&mut piece[filled..]`.

use std::io::{self, ErrorKind, Read};

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
        let arrived = stream.read(&mut piece)?;
        if arrived == 0 {
            return if filled == 0 {
                Ok(None)
            } else {
                Err(ErrorKind::UnexpectedEof.into())
            };
        }
        filled += arrived;
    }
    Ok(Some(piece))
}
