//! The server will say yes, so I need not wait for it.
//!
//! `GO` costs a round trip, and it is the server's chance to refuse a gigabyte before it is sent. Yours
//! sends the file first and reads the answer later. If the answer is `ERROR`, the octets of the file
//! stand where the server expects the next command.

use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;

use kit::net::TcpStream;

/// Stores `text` as the file `name` on the network disk. `Ok` when, and only when, the server has said
/// that the file is stored.
pub fn store(server: SocketAddr, name: &str, text: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(server)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let request = format!("PUT {} {name}\n{text}END\n", text.len());
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    reader.read_line(&mut answer)?;
    if answer != "GO\n" {
        return Err(io::Error::other(answer));
    }
    answer.clear();
    reader.read_line(&mut answer)?;
    match answer.as_str() {
        "OK created\n" | "OK replaced\n" => Ok(()),
        _ => Err(io::Error::other(answer)),
    }
}
