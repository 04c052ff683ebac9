//! `trim` takes the line end away.
//!
//! It takes *all* white space away, at both ends: the spaces that belong to the answer too. An answer is what
//! the other side has said, so take one `\n` away at its end, and nothing else: `strip_suffix`.

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
        if *line == "bye" {
            return Ok(answers);
        }
        let mut answer = String::new();
        reader.read_line(&mut answer)?;
        if !answer.ends_with('\n') {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        answers.push(answer.trim().to_owned());
    }
    say(&stream, "bye")?;
    Ok(answers)
}

/// A line and its end, in one piece.
fn say(mut stream: &TcpStream, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\n").as_bytes())
}
