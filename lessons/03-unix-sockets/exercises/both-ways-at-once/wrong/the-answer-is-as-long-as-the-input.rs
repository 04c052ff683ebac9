//! What comes back is as long as what I have sent.
//!
//! A filter may count, sort, or pack: its answer has a length of its own, and only the end of the stream says
//! where it ends. `read_exact` waits for octets that nobody has promised, or leaves some behind. Read until a
//! read returns 0, as `read_to_end` does.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::thread;

use kit::unix::UnixStream;

/// Sends `input` through `filter`, which runs in a thread of its own, and returns all that it answers.
pub fn through(filter: fn(UnixStream), input: &[u8]) -> io::Result<Vec<u8>> {
    let (ours, theirs) = UnixStream::pair()?;
    thread::scope(|scope| {
        scope.spawn(move || filter(theirs));
        let writer = scope.spawn(|| {
            (&ours).write_all(input)?;
            ours.shutdown(Shutdown::Write)
        });
        let mut answer = vec![0; input.len()];
        (&ours).read_exact(&mut answer)?;
        writer
            .join()
            .map_err(|_| io::Error::other("the writer panicked"))??;
        Ok(answer)
    })
}
