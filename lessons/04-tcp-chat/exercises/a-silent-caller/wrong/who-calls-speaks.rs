//! Who calls says something.
//!
//! A connection costs a caller nothing, and nobody has to speak: a program that has crashed, a port
//! scanner, a browser that connects in advance. Your server waits in `read` for the first word of one, and
//! all the others wait behind it. Set a deadline for that word.

use std::io::{self, BufRead, BufReader, Write};
use std::time::Duration;

use kit::net::{TcpListener, TcpStream};

/// Takes one caller after another until one has said a line in time. Serves that one, and returns when
/// it sends no more.
pub fn serve(listener: &TcpListener, patience: Duration) -> io::Result<()> {
    loop {
        let (stream, _address) = listener.accept()?;
        let mut reader = BufReader::new(&stream);
        if let Some(line) = first_line(&mut reader, patience)? {
            return answer(&mut reader, line);
        }
    }
}

/// The caller's first line with its end, or `None` when it has not come in time, or never will.
fn first_line(
    reader: &mut BufReader<&TcpStream>,
    patience: Duration,
) -> io::Result<Option<Vec<u8>>> {
    let _limit = patience;
    let mut line = Vec::new();
    match reader.read_until(b'\n', &mut line)? {
        0 => Ok(None),
        _ => Ok(Some(line)),
    }
}

/// Answers the first line and each one after it, until the caller sends no more.
fn answer(reader: &mut BufReader<&TcpStream>, mut line: Vec<u8>) -> io::Result<()> {
    while !line.is_empty() {
        reader.get_mut().write_all(&line.to_ascii_uppercase())?;
        line.clear();
        reader.read_until(b'\n', &mut line)?;
    }
    Ok(())
}
