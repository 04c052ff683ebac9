//! What is stored is always a new file.
//!
//! A file of this name may have been there already. The server puts yours in its place and answers
//! `OK replaced`: stored as well. To report an error then is wrong, too. Your user sends it again, or
//! keeps what he could delete. Accept both answers that the protocol names, and no other.

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
    match answer.as_str() {
        "OK created\n" => Ok(()),
        _ => Err(io::Error::other(answer)),
    }
}
