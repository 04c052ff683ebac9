//! A `BufReader` takes only what I ask it for.
//!
//! It takes all that has arrived, up to 8 KiB, and gives you a line of it. The rest waits in *its* buffer,
//! not on the stream. This loop makes a new one for each line, and what the old one held is gone with it.
//! Make one, before the loop.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _address) = listener.accept()?;
    loop {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        stream.write_all(&line.to_ascii_uppercase())?;
    }
}
