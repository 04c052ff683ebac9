//! One write is one line.
//!
//! TCP carries the octets that you write, and no mark of where a write ended. Without a `\n` the server
//! has no line: it waits for the rest, and you wait for its answer. A deadlock, although you did speak
//! first. Write the line's end too.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

use kit::net::TcpStream;

/// Says the lines, one at a time, each after the answer to the one before. Returns the answers.
///
/// Nobody answers `bye`, and nothing is said after it. If it is not among the lines, it is said at the
/// end.
pub fn converse(mut stream: TcpStream, lines: &[&str]) -> io::Result<Vec<String>> {
    let mut answers = Vec::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    for line in lines {
        stream.write_all(line.as_bytes())?;
        if *line == "bye" {
            return Ok(answers);
        }
        let mut answer = String::new();
        reader.read_line(&mut answer)?;
        if !answer.ends_with('\n') {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        answers.push(answer.trim_end_matches('\n').to_owned());
    }
    stream.write_all(b"bye")?;
    Ok(answers)
}
