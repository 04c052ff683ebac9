//! A read ends where a line ends.
//!
//! It ends where the octets end that have arrived: after a line, in the middle of one, or one and a half lines
//! on. That a `\n` is among them does not make all of them whole lines. Answer up to the last `\n`, and keep what
//! stands behind it.

use std::io::{self, Read, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _address) = listener.accept()?;
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        kept.extend_from_slice(&buffer[..count]);
        if kept.contains(&b'\n') {
            stream.write_all(&kept.to_ascii_uppercase())?;
            kept.clear();
        }
    }
}
