//! The kernel gives every sender an address.
//!
//! In UDP it does: a sender without a port gets one. A Unix datagram socket has no name until you bind
//! it to one, and whom should the server answer? Bind a path of your own before you send.

use std::io;
use std::path::Path;

use kit::unix::UnixDatagram;

/// Sends `question` to the server at the path `server`, and returns its answer. The client's own path
/// is `own`; at the end its file is gone.
pub fn ask(server: &Path, own: &Path, question: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UnixDatagram::unbound()?;
    socket.send_to(question, server)?;
    let mut buffer = [0; 2000];
    loop {
        let (count, sender) = socket.recv_from(&mut buffer)?;
        if sender.as_pathname() != Some(own) {
            return Ok(buffer[..count].to_vec());
        }
    }
}
