//! A connection is for one answer.
//!
//! It was, in HTTP/1.0. Since then the browser asks again on the same connection, and saves the round
//! trip of a new one. Your answer says with `Content-Length` where it ends, so nothing else has to end:
//! leave the stream open, in both directions.

use std::io::{self, Write};

use kit::net::TcpStream;

use std::net::Shutdown;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let length = text.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(text.as_bytes())?;
    stream.shutdown(Shutdown::Write)
}
