//! The whole request. The task is in `task.md`.

use std::io::{self, Read};

// The sockets of `std::net`, with a logbook: each call becomes a step of the story that you are told
// when something goes wrong. Use them as you know them.
use kit::net::TcpStream;

/// The most octets that a body may have.
pub const MOST: usize = 64 * 1024;

/// One request.
pub struct Request {
    /// The request line, the fields and the empty line, each with its `\r\n`.
    pub head: String,
    /// What follows, as long as `Content-Length` says.
    pub body: Vec<u8>,
}

/// Reads one request, however it is cut. An error if the stream ends before it is whole, or if the body
/// is announced as longer than [`MOST`].
pub fn read_request(stream: &mut TcpStream) -> io::Result<Request> {
    let mut buffer = [0; 4096];
    // Is this the head? Perhaps it is a part of it, or more.
    let count = stream.read(&mut buffer)?;
    let head = String::from_utf8_lossy(&buffer[..count]).into_owned();
    let mut body = vec![0; content_length(&head)?];
    stream.read_exact(&mut body)?;
    Ok(Request { head, body })
}

/// The length that a head announces: 0 without the field, an error if it is no number.
fn content_length(head: &str) -> io::Result<usize> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    for (name, value) in fields {
        if name.eq_ignore_ascii_case("Content-Length") {
            return value.trim().parse().map_err(io::Error::other);
        }
    }
    Ok(0)
}
