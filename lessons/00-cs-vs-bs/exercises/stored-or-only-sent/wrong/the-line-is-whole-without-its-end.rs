//! What looks like the whole line is the whole line.
//!
//! `OK created` without `\n` is the beginning of a line. It might have become `OK created in memory only`,
//! and nobody knows, because the server has ended in the middle of it. `lines()` and `trim` take the `\n`
//! away, so with them a cut line looks like a whole one. Compare with the end of the line included.

use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;

use kit::net::TcpStream;

/// Stores `text` as the file `name` on the network disk. `Ok` when, and only when, the server has said
/// that the file is stored.
pub fn store(server: SocketAddr, name: &str, text: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    stream.write_all(format!("PUT {} {name}\n", text.len()).as_bytes())?;
    let mut answer = String::new();
    reader.read_line(&mut answer)?;
    if answer != "GO\n" {
        return Err(io::Error::other(answer));
    }
    stream.write_all(text.as_bytes())?;
    stream.write_all(b"END\n")?;
    answer.clear();
    reader.read_line(&mut answer)?;
    match answer.trim() {
        "OK created" | "OK replaced" => Ok(()),
        _ => Err(io::Error::other(answer)),
    }
}
