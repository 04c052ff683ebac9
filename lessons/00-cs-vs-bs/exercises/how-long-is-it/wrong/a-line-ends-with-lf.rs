//! A line ends with `\n`, everywhere.
//!
//! In files of Unix it does. On the wire a line of HTTP's head ends with two octets, CR and LF (RFC 9112
//! §2.1). Some readers forgive the missing CR, others see one long line. `writeln!` writes LF alone, so
//! write `\r\n` yourself.

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends one answer: the status 200, the text's type and length in octets, an empty line, the text.
/// The connection stays open for the next answer.
pub fn send_text(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let mut answer = String::new();
    answer.push_str("HTTP/1.1 200 OK\n");
    answer.push_str("Content-Type: text/plain; charset=utf-8\n");
    answer.push_str(&format!("Content-Length: {}\n", text.len()));
    answer.push('\n');
    answer.push_str(text);
    stream.write_all(answer.as_bytes())
}
