//! When an answer comes, it has worked.
//!
//! An answer may be a refusal. Yours waits for the line and does not look at it, so `ERROR` is as good
//! as `GO`. Compare each line with what you need to hear, and return everything else as an error.

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
    stream.write_all(text.as_bytes())?;
    stream.write_all(b"END\n")?;
    reader.read_line(&mut answer)?;
    Ok(())
}
