//! Once the socket is bound, its file may go.
//!
//! A file that is open lives on without its name. Your socket does too, but nobody can send to it any more:
//! the server gives the kernel your *path*, and the kernel looks it up for each datagram. Keep the file until
//! the answer has come.

use std::fs;
use std::io;
use std::path::Path;

use kit::unix::UnixDatagram;

/// Sends `question` to the server at the path `server`, and returns its answer. The client's own path
/// is `own`; at the end its file is gone.
pub fn ask(server: &Path, own: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UnixDatagram::bind(own)?;
    fs::remove_file(own)?;
    talk(&socket, server, question)
}

fn talk(socket: &UnixDatagram, server: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    socket.send_to(question, server)?;
    let mut buffer = [0; 2000];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if sender.as_pathname() == Some(server) {
            return Ok(buffer[..count].to_vec());
        }
    }
}
