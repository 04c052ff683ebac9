//! What arrives on my socket comes from the peer I asked.
//!
//! Who knows the path and has the right to write to it can send you a datagram. Look at the sender's
//! address, which `recv_from` returns, and ignore the datagrams of others. Or `connect` the socket to the
//! server: on Linux the kernel then refuses the others.

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
    let count = socket.recv(&mut buffer)?;
    Ok(buffer[..count].to_vec())
}
