//! Every message ends with the end of a line.
//!
//! The octets of a file end where the file ends, with or without a `\n`. You have announced how many
//! there are, and the server counts: directly behind the last one it looks for `END`. Send the text as
//! it is, and not one octet more.

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
    stream.write_all(format!("{text}\nEND\n").as_bytes())?;
    line.clear();
    reader.read_line(&mut line)?;
    match line.as_str() {
        "OK created\n" | "OK replaced\n" => Ok(()),
        _ => Err(io::Error::other(line)),
    }
}
