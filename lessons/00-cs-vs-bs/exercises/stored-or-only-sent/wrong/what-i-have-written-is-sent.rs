//! What I have written has been sent.
//!
//! A `BufWriter` keeps small writes until it has many, or until you say `flush`. So the line still stands
//! in your own program while you wait for the answer to it. Write to the stream itself, or flush before
//! you read.

use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;

use kit::net::TcpStream;

/// Stores `text` as the file `name` on the network disk. `Ok` when, and only when, the server has said
/// that the file is stored.
pub fn store(server: SocketAddr, name: &str, text: &str) -> io::Result<()> {
    let stream = TcpStream::connect(server)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = io::BufWriter::new(stream);
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
    match answer.as_str() {
        "OK created\n" | "OK replaced\n" => Ok(()),
        _ => Err(io::Error::other(answer)),
    }
}
