//! What arrives is text.
//!
//! What arrives is octets, and a stranger chooses them. `read_line` and `String` want UTF-8: one `é` of
//! Latin-1, and `read_line` returns an error, and the `?` ends the server for everybody. A line of octets
//! is a `Vec<u8>`: read it with `read_until`.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _address) = listener.accept()?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        stream.write_all(line.to_uppercase().as_bytes())?;
        line.clear();
    }
    Ok(())
}
