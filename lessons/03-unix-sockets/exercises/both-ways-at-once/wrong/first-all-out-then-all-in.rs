//! First I send everything, then I read the answer.
//!
//! That works as long as the kernel can hold it. Then the filter waits in `write`, because nobody reads its
//! answer. So it reads no more, and you wait in `write` too: both for ever. Read while you write: give one
//! of the two a thread of its own.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::thread;

use kit::unix::UnixStream;

/// Sends `input` through `filter`, which runs in a thread of its own, and returns all that it answers.
pub fn through(filter: fn(UnixStream), input: &[u8]) -> io::Result<Vec<u8>> {
    let (mut ours, theirs) = UnixStream::pair()?;
    thread::spawn(move || filter(theirs));
    ours.write_all(input)?;
    ours.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    ours.read_to_end(&mut answer)?;
    Ok(answer)
}
