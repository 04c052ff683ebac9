//! What does not fit into the buffer comes with the next receive.
//!
//! On a stream it does. A datagram that is larger than your buffer loses its tail, and on Linux and macOS
//! no call tells you so. Receive into a buffer as large as the largest datagram that may come.

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
    let mut buffer = [0; 1024];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if sender.as_pathname() == Some(server) {
            return Ok(buffer[..count].to_vec());
        }
    }
}
