//! The length counts all that I send.
//!
//! `Content-Length` counts the body: what stands behind the empty line, and not one octet of the head.
//! The end of the head is found by the empty line. Yours lets the browser wait for octets that never
//! come, or eat the beginning of the next answer.

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let start = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n";
    let length = start.len() + text.len();
    let answer = format!("{start}Content-Length: {length}\r\n\r\n{text}");
    stream.write_all(answer.as_bytes())
}
