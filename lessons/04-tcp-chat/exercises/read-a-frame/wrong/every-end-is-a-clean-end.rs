//! Every end of the stream is a clean end.
//!
//! Between two frames the peer may leave. In the middle of one it has promised octets that never came:
//! its program has died, or a line is down. Who hides that takes half a message for none at all. Inside a
//! frame, let the `UnexpectedEof` of `read_exact` go out.

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
    match stream.read_exact(&mut length) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let length = u32::from_be_bytes(length) as usize;
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    match stream.read_exact(&mut message) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        result => result.map(|()| Some(message)),
    }
}
