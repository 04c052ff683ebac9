//! One read is one message.
//!
//! `read` returns what has arrived, and TCP keeps no borders: a part of the head, or the head and half
//! of the body. A buffer that is large enough does not help. Read on until you have found the empty
//! line, and then until the body is as long as announced.

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
    let mut buffer = vec![0; MOST];
    let count = stream.read(&mut buffer)?;
    let text = String::from_utf8_lossy(&buffer[..count]).into_owned();
    let end = match text.find("\r\n\r\n") {
        Some(found) => found + 4,
        None => return Err(io::Error::other("no empty line")),
    };
    let head = text[..end].to_string();
    let length = content_length(&head)?;
    if length > MOST {
        return Err(io::Error::other("too long"));
    }
    if count < end + length {
        return Err(io::Error::other("the body is too short"));
    }
    let body = buffer[end..end + length].to_vec();
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
