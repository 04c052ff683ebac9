//! One read is one message.
//!
//! `read` returns what has arrived, and TCP keeps no boundaries: half a line, or three. Answer when a
//! line is whole, and keep what comes before its end.

use std::io::{self, Read, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _address) = listener.accept()?;
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..count].to_ascii_uppercase())?;
    }
}
