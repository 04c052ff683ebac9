//! Who is called speaks first.
//!
//! On the telephone it is so. Here the server waits for the client's first line, and this client waits
//! for the server's: both are in `read`, and nothing will ever happen. That is a deadlock. In a
//! conversation with turns, one of the two must begin, and both must know which: the client.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpStream;

/// Says the lines, one at a time, each after the answer to the one before. Returns the answers.
///
/// Nobody answers `bye`, and nothing is said after it. If it is not among the lines, it is said at the
/// end.
pub fn converse(stream: TcpStream, lines: &[&str]) -> io::Result<Vec<String>> {
    let mut answers = Vec::new();
    let mut reader = BufReader::new(&stream);
    for line in lines {
        let mut answer = String::new();
        reader.read_line(&mut answer)?;
        answers.push(answer.trim_end_matches('\n').to_owned());
        (&stream).write_all(line.as_bytes())?;
        (&stream).write_all(b"\n")?;
        if *line == "bye" {
            return Ok(answers);
        }
    }
    (&stream).write_all(b"bye\n")?;
    Ok(answers)
}
