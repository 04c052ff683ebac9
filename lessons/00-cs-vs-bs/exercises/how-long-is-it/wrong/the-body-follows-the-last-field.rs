//! The body follows the last field.
//!
//! How should the browser know which field is the last? Each answer has others. An empty line says it:
//! CR LF directly behind the CR LF of the last field. Without it your text is read as one more field.

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n{text}",
        text.len()
    );
    stream.write_all(answer.as_bytes())
}
