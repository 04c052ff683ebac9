//! Only closing the connection ends what I send.
//!
//! Each direction ends by itself. `shutdown(Shutdown::Both)` ends both, so the answer has no way back.
//! `shutdown(Shutdown::Write)` says that you will send no more, and you can still read.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::thread;

use kit::unix::UnixStream;

/// Sends `input` through `filter`, which runs in a thread of its own, and returns all that it answers.
pub fn through(filter: fn(UnixStream), input: &[u8]) -> io::Result<Vec<u8>> {
    let (mut ours, theirs) = UnixStream::pair()?;
    thread::spawn(move || filter(theirs));
    ours.write_all(input)?;
    ours.shutdown(Shutdown::Both)?;
    let mut answer = Vec::new();
    ours.read_to_end(&mut answer)?;
    Ok(answer)
}
