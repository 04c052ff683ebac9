//! A server reads all, and then it answers.
//!
//! `read_to_end` returns when the client will send no more. But the client keeps the connection for its
//! next request, and waits for your answer: both wait for ever. The head says where this request ends.
//! Where it announces no body, read no more: on Linux even a `read` into a buffer without room waits.

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
    let mut octets = Vec::new();
    stream.read_to_end(&mut octets)?;
    let end = match octets.windows(4).position(|four| four == b"\r\n\r\n") {
        Some(found) => found + 4,
        None => return Err(io::Error::other("no empty line")),
    };
    let mut body = octets.split_off(end);
    let head = String::from_utf8(octets).map_err(io::Error::other)?;
    let length = content_length(&head)?;
    if length > MOST || body.len() < length {
        return Err(io::Error::other("the body has not the right length"));
    }
    body.truncate(length);
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
