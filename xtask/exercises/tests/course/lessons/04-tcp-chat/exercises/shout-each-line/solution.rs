//! Answer each line.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (stream, _address) = listener.accept()?;
    let mut reader = BufReader::new(&stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        (&stream).write_all(&line.to_ascii_uppercase())?;
        line.clear();
    }
    Ok(())
}
