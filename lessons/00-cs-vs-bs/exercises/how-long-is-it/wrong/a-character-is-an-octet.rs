//! A character is one octet.
//!
//! In UTF-8 a character takes one to four octets: `ü` takes two, `你` three. `Content-Length` counts
//! octets, because the reader must find the end before it has decoded anything. Yours stops too early,
//! and the rest becomes the beginning of the next answer. `text.len()` counts octets.

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let length = text.chars().count();
    let mut answer = String::from("HTTP/1.1 200 OK\r\n");
    answer += "Content-Type: text/plain; charset=utf-8\r\n";
    answer += &format!("Content-Length: {length}\r\n\r\n");
    answer += text;
    stream.write_all(answer.as_bytes())
}
