//! Both ways at once.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::thread;

use kit::unix::UnixStream;

/// Sends `input` through `filter`, which runs in a thread of its own, and returns all that it answers.
pub fn through(filter: fn(UnixStream), input: &[u8]) -> io::Result<Vec<u8>> {
    let (ours, theirs) = UnixStream::pair()?;
    thread::scope(|scope| {
        // The filter's end moves into its thread: when the filter returns, no copy is left.
        scope.spawn(move || filter(theirs));
        let writer = scope.spawn(|| {
            (&ours).write_all(input)?;
            ours.shutdown(Shutdown::Write)
        });
        let mut answer = Vec::new();
        (&ours).read_to_end(&mut answer)?;
        writer
            .join()
            .map_err(|_| io::Error::other("the writer panicked"))??;
        Ok(answer)
    })
}
