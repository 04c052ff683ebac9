//! When the filter closes its end, I see the end of the stream.
//!
//! Only if the filter had the one copy of it. You gave it a clone and kept the other: that end of the pair
//! is still open, in your own hands, and you wait for what you yourself could still send. Move the end
//! into the thread, or drop your copy before you read.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::thread;

use kit::unix::UnixStream;

/// Sends `input` through `filter`, which runs in a thread of its own, and returns all that it answers.
pub fn through(filter: fn(UnixStream), input: &[u8]) -> io::Result<Vec<u8>> {
    let (ours, theirs) = UnixStream::pair()?;
    let for_filter = theirs.try_clone()?;
    thread::spawn(move || filter(for_filter));
    let writer = ours.try_clone()?;
    let input = input.to_vec();
    thread::spawn(move || {
        let _ = (&writer).write_all(&input);
        let _ = writer.shutdown(Shutdown::Write);
    });
    let mut answer = Vec::new();
    (&ours).read_to_end(&mut answer)?;
    Ok(answer)
}
