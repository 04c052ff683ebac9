//! Both directions at once.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::thread;

use kit::net::TcpStream;

/// Sends the data and ends its own stream. Returns all that the peer sends until it ends its stream.
/// Whether the peer sends first, reads first, or does both at once makes no difference.
pub fn exchange(mut stream: TcpStream, data: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut sending = stream.try_clone()?;
    let sender = thread::spawn(move || {
        sending.write_all(&data)?;
        sending.shutdown(Shutdown::Write)
    });
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    match sender.join() {
        Ok(result) => result.map(|()| received),
        Err(_) => Err(io::Error::other("the sending thread has panicked")),
    }
}
