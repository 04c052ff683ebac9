//! What I have read and do not use stays in the stream.
//!
//! `read` takes the octets out of the stream, and no call puts them back. What your buffer holds beyond
//! the piece is lost when the function returns. A `BufReader` made anew in each call does the same: it
//! reads ahead. Give `read` no more room than the rest of this piece.

use std::io::{self, ErrorKind, Read};

use kit::net::TcpStream;

/// The next `count` octets of the stream, `count` being at least 1. What comes after them stays in the
/// stream.
///
/// `Ok(None)` when the stream ends before the first of them. When it ends later, an error of the kind
/// `UnexpectedEof`.
pub fn next_piece(stream: &mut TcpStream, count: usize) -> io::Result<Option<Vec<u8>>> {
    let mut read = Vec::new();
    let mut buffer = [0; 1024];
    while read.len() < count {
        let arrived = stream.read(&mut buffer)?;
        if arrived == 0 && read.is_empty() {
            return Ok(None);
        }
        if arrived == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        read.extend_from_slice(&buffer[..arrived]);
    }
    read.truncate(count);
    Ok(Some(read))
}
