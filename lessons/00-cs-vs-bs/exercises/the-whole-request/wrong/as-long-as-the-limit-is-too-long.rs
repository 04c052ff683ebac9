//! What is as long as the limit is too long.
//!
//! The limit is the last length that is allowed: a body may have up to `MOST` octets. Who refuses
//! `MOST` itself and who takes it agree on all small requests, and one day somebody sends the largest.
//! Refuse with `>`, and not with `>=`.

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

use std::io::{BufRead, BufReader};

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
    if length >= MOST {
        return Err(io::Error::other("the body is too long"));
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
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
