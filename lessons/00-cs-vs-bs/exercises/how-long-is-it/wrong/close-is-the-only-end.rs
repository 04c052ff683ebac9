//! Only closing the connection ends what I send.
//!
//! It is one way, and HTTP/1.0 did so. But then every answer costs a new connection, and a browser
//! cannot tell a whole answer from one that was cut. A length that is announced says where the end is,
//! and the connection stays open for the next answer.

use std::io::{self, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    stream.write_all(head.as_bytes())?;
    stream.write_all(text.as_bytes())?;
    stream.shutdown(Shutdown::Write)
}
