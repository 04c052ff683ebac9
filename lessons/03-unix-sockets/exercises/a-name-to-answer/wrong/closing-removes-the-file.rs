//! When the socket is closed, its file goes too.
//!
//! The file is a name, and it stays when nobody has the socket open any more. The next `bind` to it says
//! "address already in use". Remove the file yourself: `fs::remove_file(own)`.

use std::io;
use std::path::Path;

use kit::unix::UnixDatagram;

/// Sends `question` to the server at the path `server`, and returns its answer. The client's own path
/// is `own`; at the end its file is gone.
pub fn ask(server: &Path, own: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UnixDatagram::bind(own)?;
    socket.send_to(question, server)?;
    let mut buffer = [0; 2000];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if sender.as_pathname() == Some(server) {
            return Ok(buffer[..count].to_vec());
        }
    }
}
