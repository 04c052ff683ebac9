//! A character is one octet.
//!
//! `ü` is two octets in UTF-8, and `你` is three. The server counts octets, and finds the rest of your
//! file where `END` should be. `text.len()` counts octets, `text.chars().count()` characters.

use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;

use kit::net::TcpStream;

/// Stores `text` as the file `name` on the network disk. `Ok` when, and only when, the server has said
/// that the file is stored.
pub fn store(server: SocketAddr, name: &str, text: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    stream.write_all(format!("PUT {} {name}\n", text.chars().count()).as_bytes())?;
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
