//! The whole buffer is the message.
//!
//! A receive overwrites only the beginning of the buffer, and behind it the zeros stay. The count that
//! `recv_from` returns says how many octets are the answer: return `buffer[..count]`.

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
        let (_count, sender) = socket.recv_from(&mut buffer)?;
        if sender.as_pathname() == Some(server) {
            return Ok(buffer.to_vec());
        }
    }
}
