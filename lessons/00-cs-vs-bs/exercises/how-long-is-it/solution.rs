//! How long is it?

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         Content-Length: {}\r\n\
         \r\n",
        text.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(text.as_bytes())
}
