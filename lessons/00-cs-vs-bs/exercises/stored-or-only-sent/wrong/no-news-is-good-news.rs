//! No news is good news.
//!
//! Yours looks for `ERROR`, and takes everything else for a yes. But a server that goes away says
//! nothing at all: `read_line` returns 0 and leaves the text empty. What has stored nothing can be silent
//! in many ways. Ask for the good answers, and not for the bad one.

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
    if answer.starts_with("ERROR") {
        return Err(io::Error::other(answer));
    }
    stream.write_all(text.as_bytes())?;
    stream.write_all(b"END\n")?;
    answer.clear();
    reader.read_line(&mut answer)?;
    if answer.starts_with("ERROR") {
        return Err(io::Error::other(answer));
    }
    Ok(())
}
