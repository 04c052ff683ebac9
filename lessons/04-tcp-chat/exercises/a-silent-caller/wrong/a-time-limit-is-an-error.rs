//! A time limit that has run out is an error.
//!
//! `read` reports it as an error, because it has no octets to return. For your server it is an everyday
//! event: this caller is done, the next one waits. With `?` one silent caller ends the server for
//! everybody. Look at the error before you pass it on.

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
    reader.get_ref().set_read_timeout(Some(patience))?;
    let mut line = Vec::new();
    reader.read_until(b'\n', &mut line)?;
    reader.get_ref().set_read_timeout(None)?;
    Ok(line.ends_with(b"\n").then_some(line))
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
