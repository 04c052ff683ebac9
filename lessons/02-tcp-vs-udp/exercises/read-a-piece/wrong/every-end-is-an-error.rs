//! Every end of the stream is an error.
//!
//! A peer that has sent everything ends its stream: that is how a conversation should end. It is an error
//! only when a piece has begun and is not whole. `read_exact` alone does not tell you which of the two
//! it was: both are `UnexpectedEof`.

use std::io::{self, Read};

use kit::net::TcpStream;

/// The next `count` octets of the stream, `count` being at least 1. What comes after them stays in the
/// stream.
///
/// `Ok(None)` when the stream ends before the first of them. When it ends later, an error of the kind
/// `UnexpectedEof`.
pub fn next_piece(stream: &mut TcpStream, count: usize) -> io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; count];
    stream.read_exact(&mut piece)?;
    Ok(Some(piece))
}
