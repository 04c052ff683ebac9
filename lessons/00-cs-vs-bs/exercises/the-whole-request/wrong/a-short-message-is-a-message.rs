//! When the stream ends, what has come is the message.
//!
//! It is the beginning of one. The head has said how long the body is, and a file that is cut in the
//! middle must not replace a whole one. `take(…).read_to_end(…)` is content with less: compare the
//! length, or use `read_exact`.

use std::io::{self, BufRead, BufReader, Read};

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
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    let length = content_length(&head)?;
    if length > MOST {
        return Err(io::Error::other("too long"));
    }
    let mut body = Vec::new();
    reader.take(length as u64).read_to_end(&mut body)?;
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
