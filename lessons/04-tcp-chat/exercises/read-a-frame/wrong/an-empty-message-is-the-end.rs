//! A message of 0 octets is the end.
//!
//! A *read* of 0 octets is the end of a stream. A *message* of 0 octets is a frame like any other: its length has
//! come, 4 octets, all of them 0. Say `None` only when not even the first octet of a length comes.

use std::io::{self, ErrorKind, Read, Write};

use kit::net::TcpStream;

/// No message is longer, in octets.
pub const LONGEST: usize = 4096;

/// Sends a message as a frame: its length in octets, as 4 octets in network byte order, and its text.
pub fn write_frame(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let length = u32::try_from(text.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), text.as_bytes()].concat())
}

/// Takes one frame off the stream and returns its message, or `None` when the stream has ended between
/// two frames.
///
/// An end inside a frame is an error of the kind `UnexpectedEof`, a length of more than `LONGEST` one
/// of the kind `InvalidData`.
pub fn read_frame(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if stream.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut length[1..])?;
    let length = u32::from_be_bytes(length) as usize;
    if length == 0 {
        return Ok(None);
    }
    if length > LONGEST {
        let why = format!("a message of {length} octets is announced; {LONGEST} are allowed");
        return Err(io::Error::new(ErrorKind::InvalidData, why));
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}
