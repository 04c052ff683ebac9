//! Say how long it is. The task is in `task.md`.

use std::io::{self, Read, Write};

use kit::net::TcpStream;

/// No message is longer, in octets.
pub const LONGEST: usize = 4096;

/// Sends a message as a frame: its length in octets, as 4 octets in network byte order, and its text.
pub fn write_frame(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    // No length goes before it: how should anybody know where it ends?
    stream.write_all(text.as_bytes())
}

/// Takes one frame off the stream and returns its message, or `None` when the stream has ended between
/// two frames.
///
/// An end inside a frame is an error of the kind `UnexpectedEof`, a length of more than `LONGEST` one
/// of the kind `InvalidData`.
pub fn read_frame(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 1024];
    let count = stream.read(&mut buffer)?;
    Ok((count > 0).then(|| buffer[..count].to_vec()))
}
