//! `read_line` empties the text first.
//!
//! It appends. After the second call your text is `GO\n` and the answer behind it, which is none of the
//! good lines: the file is stored, and you report an error. Take an empty `String` for each line, or
//! call `clear` before you read into it again.

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
    reader.read_line(&mut line)?;
    match line.as_str() {
        "OK created\n" | "OK replaced\n" => Ok(()),
        _ => Err(io::Error::other(line)),
    }
}
