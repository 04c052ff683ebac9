//! A read brings one line at most.
//!
//! Two lines can arrive in one read, and then nothing more comes for a while. This server answers the first
//! one, and the second waits in its buffer until somebody sends again: with `if`, one line is taken out for
//! each read. Take out *every* whole line before you read again: `while`.

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
        if let Some(end) = kept.iter().position(|octet| *octet == b'\n') {
            let line: Vec<u8> = kept.drain(..=end).collect();
            stream.write_all(&line.to_ascii_uppercase())?;
        }
    }
}
