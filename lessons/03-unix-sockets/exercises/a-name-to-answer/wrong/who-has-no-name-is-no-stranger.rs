//! Who has no name cannot be a stranger.
//!
//! A sender without a name is anybody on this machine who has not bound a path, and may send to yours. The
//! server has a name, you know it, and the kernel writes it on each of its datagrams. Take only what comes
//! from that path.

use std::fs;
use std::io;
use std::path::Path;

use kit::unix::UnixDatagram;

/// Sends `question` to the server at the path `server`, and returns its answer. The client's own path
/// is `own`; at the end its file is gone.
pub fn ask(server: &Path, own: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UnixDatagram::bind(own)?;
    let answer = talk(&socket, server, question);
    fs::remove_file(own)?;
    answer
}

fn talk(socket: &UnixDatagram, server: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    socket.send_to(question, server)?;
    let mut buffer = [0; 2000];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if sender.as_pathname().is_none_or(|path| path == server) {
            return Ok(buffer[..count].to_vec());
        }
    }
}
