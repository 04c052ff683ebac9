//! A message that contains `bye` is `bye`.
//!
//! `bye bye` and `goodbye` contain it, and are lines like any other: the server answers them, and waits for your
//! next one, while you have left. Only the whole line can be `bye`: compare all of it.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

use kit::net::TcpStream;

/// Says the lines, one at a time, each after the answer to the one before. Returns the answers.
///
/// Nobody answers `bye`, and nothing is said after it. If it is not among the lines, it is said at the
/// end.
pub fn converse(stream: TcpStream, lines: &[&str]) -> io::Result<Vec<String>> {
    let mut answers = Vec::new();
    let mut reader = BufReader::new(&stream);
    for line in lines {
        say(&stream, line)?;
        if line.contains("bye") {
            return Ok(answers);
        }
        let mut answer = String::new();
        reader.read_line(&mut answer)?;
        let Some(whole) = answer.strip_suffix('\n') else {
            return Err(ErrorKind::UnexpectedEof.into());
        };
        answers.push(whole.to_owned());
    }
    say(&stream, "bye")?;
    Ok(answers)
}

/// A line and its end, in one piece.
fn say(mut stream: &TcpStream, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\n").as_bytes())
}
