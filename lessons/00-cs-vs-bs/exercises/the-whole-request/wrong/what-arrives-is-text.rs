//! What arrives is text.
//!
//! The head is. A body may be a picture, and not every row of octets is UTF-8: `from_utf8_lossy` puts
//! three other octets in the place of each one that does not fit. Collect octets, in a `Vec<u8>`, and
//! make text of the head alone.

use std::io::{self, Read};

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
    let mut text = String::new();
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(found) = text.find("\r\n\r\n") {
            break found + 4;
        }
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    };
    let length = content_length(&text[..end])?;
    if length > MOST {
        return Err(io::Error::other("too long"));
    }
    while text.len() < end + length {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
    }
    let head = text[..end].to_string();
    let body = text.as_bytes()[end..].to_vec();
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
