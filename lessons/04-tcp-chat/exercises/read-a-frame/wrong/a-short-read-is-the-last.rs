//! A read that does not fill the buffer is the last one.
//!
//! It brings what has arrived: 2 octets of the length, or half of the message. The rest is on its way. Only
//! a read of 0 octets is the end of the stream. Read on until the buffer is full: that is what
//! `read_exact` does.

use std::io::{self, ErrorKind, Read, Write};

use kit::net::TcpStream;

/// No message is longer, in octets.
pub const LONGEST: usize = 4096;

/// Sends a message as a frame: its length in octets, as 4 octets in network byte order, and its text.
pub fn write_frame(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let length = u32::try_from(text.len()).map_err(io::Error::other)?;
    stream.write_all(&length.to_be_bytes())?;
    stream.write_all(text.as_bytes())
}

/// Takes one frame off the stream and returns its message, or `None` when the stream has ended between
/// two frames.
///
/// An end inside a frame is an error of the kind `UnexpectedEof`, a length of more than `LONGEST` one
/// of the kind `InvalidData`.
pub fn read_frame(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    let count = stream.read(&mut length)?;
    if count == 0 {
        return Ok(None);
    }
    if count < 4 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    let count = stream.read(&mut message)?;
    if count < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(message))
}
