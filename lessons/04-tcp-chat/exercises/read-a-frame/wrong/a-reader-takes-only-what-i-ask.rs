//! A `BufReader` takes only what I ask it for.
//!
//! It takes all that has arrived, up to 8 KiB, and gives you a part. The rest waits in *its* buffer, not on
//! the stream; when the `BufReader` goes away at the end of your function, so do the first octets of the
//! next frame. Keep one for the whole conversation, or read from the stream itself.

use std::io::{self, BufReader, ErrorKind, Read, Write};

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
    let mut stream = BufReader::new(stream);
    let mut length = [0; 4];
    if stream.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut length[1..])?;
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}
