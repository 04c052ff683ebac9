//! Every line gets an answer, `bye` too.
//!
//! The server leaves at `bye` without a word. If it closes the connection at once, this client is lucky
//! and sees an end of stream; if not, it waits for an answer that will never be sent. Do not wait for
//! what the other side has no reason to say.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

use kit::net::TcpStream;

/// Says the lines, one at a time, each after the answer to the one before. Returns the answers.
///
/// Nobody answers `bye`, and nothing is said after it. If it is not among the lines, it is said at the
/// end.
pub fn converse(mut stream: TcpStream, lines: &[&str]) -> io::Result<Vec<String>> {
    let mut answers = Vec::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    for line in lines.iter().chain(&["bye"]) {
        stream.write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        let count = reader.read_line(&mut answer)?;
        if *line == "bye" {
            break;
        }
        if count == 0 || !answer.ends_with('\n') {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        answers.push(answer.trim_end_matches('\n').to_owned());
    }
    Ok(answers)
}
