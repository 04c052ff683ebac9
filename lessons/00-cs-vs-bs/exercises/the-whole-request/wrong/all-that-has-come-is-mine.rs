//! All that has come belongs to this request.
//!
//! A read returns what has arrived, and the browser may have sent its next request already. The head
//! says where this one ends. Give back as many octets as were announced, and not one more. (A real
//! server keeps the rest for the next call.)

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
    let mut buffer = [0; 4096];
    let end = loop {
        if let Some(found) = octets.windows(4).position(|four| four == b"\r\n\r\n") {
            break found + 4;
        }
        more(stream, &mut buffer, &mut octets)?;
    };
    let mut body = octets.split_off(end);
    let head = String::from_utf8(octets).map_err(io::Error::other)?;
    let length = content_length(&head)?;
    if length > MOST {
        return Err(io::Error::other("the body is too long"));
    }
    while body.len() < length {
        more(stream, &mut buffer, &mut body)?;
    }
    Ok(Request { head, body })
}

/// Reads once, and puts what has come behind the rest.
fn more(stream: &mut TcpStream, buffer: &mut [u8], octets: &mut Vec<u8>) -> io::Result<()> {
    let count = stream.read(buffer)?;
    if count == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    octets.extend_from_slice(&buffer[..count]);
    Ok(())
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
