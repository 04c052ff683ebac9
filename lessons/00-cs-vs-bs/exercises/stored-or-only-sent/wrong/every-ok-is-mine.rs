//! What begins with OK means that it is stored.
//!
//! The server says OK to other commands too, and a newer one may say `OK, but …`. Two lines mean that
//! this file is on the disk, and the task names them. Compare the whole line: what you do not know is
//! no yes.

use std::io::{self, Write};
use std::net::SocketAddr;

use kit::net::TcpStream;

use std::io::{BufRead, BufReader};

/// Stores `text` as the file `name` on the network disk. `Ok` when, and only when, the server has said
/// that the file is stored.
pub fn store(server: SocketAddr, name: &str, text: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    stream.write_all(format!("PUT {} {name}\n", text.len()).as_bytes())?;
    reader.read_line(&mut line)?;
    if line != "GO\n" {
        return Err(io::Error::other(line));
    }
    stream.write_all(format!("{text}END\n").as_bytes())?;
    line.clear();
    reader.read_line(&mut line)?;
    if line.starts_with("OK") {
        return Ok(());
    }
    Err(io::Error::other(line))
}
