//! One read is one message.
//!
//! `read` returns what has arrived: here the first half of an answer. The client takes it for the whole
//! one, speaks out of turn, and takes the second half for the next answer. An answer is whole when its
//! `\n` has come. Read on until then.

use std::io::{self, ErrorKind, Read, Write};

use kit::net::TcpStream;

/// Says the lines, one at a time, each after the answer to the one before. Returns the answers.
///
/// Nobody answers `bye`, and nothing is said after it. If it is not among the lines, it is said at the
/// end.
pub fn converse(mut stream: TcpStream, lines: &[&str]) -> io::Result<Vec<String>> {
    let mut answers = Vec::new();
    for line in lines {
        stream.write_all(format!("{line}\n").as_bytes())?;
        if *line == "bye" {
            return Ok(answers);
        }
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let answer = String::from_utf8_lossy(&buffer[..count]);
        answers.push(answer.trim_end_matches('\n').to_owned());
    }
    stream.write_all(b"bye\n")?;
    Ok(answers)
}
