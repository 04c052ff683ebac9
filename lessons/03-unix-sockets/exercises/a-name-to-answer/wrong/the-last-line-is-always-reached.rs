//! The last line of a function always runs.
//!
//! A `?` leaves the function at once, and the line that tidies up is not reached: after an error the file
//! stays. Put the talk into a function of its own, and tidy up when it has returned, with an answer or
//! with an error.

use std::fs;
use std::io;
use std::path::Path;

use kit::unix::UnixDatagram;

/// Sends `question` to the server at the path `server`, and returns its answer. The client's own path
/// is `own`; at the end its file is gone.
pub fn ask(server: &Path, own: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UnixDatagram::bind(own)?;
    socket.send_to(question, server)?;
    let mut buffer = [0; 2000];
    let answer = loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if sender.as_pathname() == Some(server) {
            break buffer[..count].to_vec();
        }
    };
    fs::remove_file(own)?;
    Ok(answer)
}
