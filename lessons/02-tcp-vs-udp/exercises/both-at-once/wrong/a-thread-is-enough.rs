//! With a thread of its own the sending makes nobody wait.
//!
//! It makes you wait as soon as you `join` it. Your thread is in `write`, you wait for your thread, and
//! nobody reads what the peer sends: it is as if there were one thread. Read first, until the peer's
//! stream has ended, and `join` afterwards.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use kit::net::TcpStream;

use std::thread;

/// Sends the data and ends its own stream. Returns all that the peer sends until it ends its stream.
/// Whether the peer sends first, reads first, or does both at once makes no difference.
pub fn exchange(mut stream: TcpStream, data: Vec<u8>) -> io::Result<Vec<u8>> {
    let mut sending = stream.try_clone()?;
    let sender = thread::spawn(move || {
        sending.write_all(&data)?;
        sending.shutdown(Shutdown::Write)
    });
    sender.join().expect("the thread does not panic")?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Ok(received)
}
