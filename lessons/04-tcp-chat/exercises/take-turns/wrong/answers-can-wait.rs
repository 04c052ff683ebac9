//! I may say everything first, and read the answers later.
//!
//! TCP would carry it. But this is a conversation with turns: the server takes what arrives for one turn,
//! may read two of your lines at once, and answers once. From then on every answer belongs to another
//! question. Wait for the answer before you say the next line.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};

use kit::net::TcpStream;

/// Says the lines, one at a time, each after the answer to the one before. Returns the answers.
///
/// Nobody answers `bye`, and nothing is said after it. If it is not among the lines, it is said at the
/// end.
pub fn converse(mut stream: TcpStream, lines: &[&str]) -> io::Result<Vec<String>> {
    let questions: Vec<&&str> = lines.iter().take_while(|line| **line != "bye").collect();
    for line in &questions {
        stream.write_all(format!("{line}\n").as_bytes())?;
    }
    stream.write_all(b"bye\n")?;
    let mut reader = BufReader::new(stream);
    let mut answers = Vec::new();
    for _ in questions {
        let mut answer = String::new();
        reader.read_line(&mut answer)?;
        if !answer.ends_with('\n') {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        answers.push(answer.trim_end_matches('\n').to_owned());
    }
    Ok(answers)
}
