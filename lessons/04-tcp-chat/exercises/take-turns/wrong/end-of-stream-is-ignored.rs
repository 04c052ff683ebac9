//! A read of 0 octets is nothing to worry about.
//!
//! `read_line` returns 0 when the stream has ended, and less than a line when it ends in the middle of
//! one; `lines()` hides the second. That is no answer: nobody is there any more. This client goes on talking
//! and reports answers that nobody gave. Look whether the `\n` has come, and return an error if not.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpStream;

/// Says the lines, one at a time, each after the answer to the one before. Returns the answers.
///
/// Nobody answers `bye`, and nothing is said after it. If it is not among the lines, it is said at the
/// end.
pub fn converse(mut stream: TcpStream, lines: &[&str]) -> io::Result<Vec<String>> {
    let mut answers = Vec::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    for line in lines {
        stream.write_all(format!("{line}\n").as_bytes())?;
        if *line == "bye" {
            return Ok(answers);
        }
        let mut answer = String::new();
        reader.read_line(&mut answer)?;
        answers.push(answer.trim_end_matches('\n').to_owned());
    }
    stream.write_all(b"bye\n")?;
    Ok(answers)
}
