//! One read is one message.
//!
//! TCP carries octets without borders. `read` returns what has arrived: perhaps `G`, and `O` with the
//! next one. Read until `\n` has come, and then look at the line. `BufReader::read_line` does so.

use std::io::{self, Read, Write};
use std::net::SocketAddr;

use kit::net::TcpStream;

/// Stores `text` as the file `name` on the network disk. `Ok` when, and only when, the server has said
/// that the file is stored.
pub fn store(server: SocketAddr, name: &str, text: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(format!("PUT {} {name}\n", text.len()).as_bytes())?;
    let mut buffer = [0; 512];
    let count = stream.read(&mut buffer)?;
    if &buffer[..count] != b"GO\n" {
        return Err(io::Error::other("no GO"));
    }
    stream.write_all(text.as_bytes())?;
    stream.write_all(b"END\n")?;
    let count = stream.read(&mut buffer)?;
    match &buffer[..count] {
        b"OK created\n" | b"OK replaced\n" => Ok(()),
        _ => Err(io::Error::other("not stored")),
    }
}
