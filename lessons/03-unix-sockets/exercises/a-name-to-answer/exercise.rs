//! A name to answer to. The task is in `task.md`.

use std::io;
use std::path::Path;

// The sockets of `std::os::unix::net`, with a logbook: each call becomes a step of the story that you
// are told when something goes wrong. Use them as you know them.
use kit::unix::UnixDatagram;

/// Sends `question` to the server at the path `server`, and returns its answer. The client's own path
/// is `own`; at the end its file is gone.
pub fn ask(server: &Path, own: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    let _ = own; // Not used yet.
    let socket = UnixDatagram::unbound()?;
    socket.send_to(question, server)?;
    let mut buffer = [0; 2000];
    let count = socket.recv(&mut buffer)?;
    Ok(buffer[..count].to_vec())
}
