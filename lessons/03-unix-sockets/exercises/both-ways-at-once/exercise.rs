//! Both ways at once. The task is in `task.md`.

use std::io::{self, Read, Write};
use std::thread;

// The sockets of `std::os::unix::net`, with a logbook: each call becomes a step of the story that you
// are told when something goes wrong. Use them as you know them.
use kit::unix::UnixStream;

/// Sends `input` through `filter`, which runs in a thread of its own, and returns all that it answers.
pub fn through(filter: fn(UnixStream), input: &[u8]) -> io::Result<Vec<u8>> {
    let (mut ours, theirs) = UnixStream::pair()?;
    thread::spawn(move || filter(theirs));
    ours.write_all(input)?;
    let mut answer = Vec::new();
    ours.read_to_end(&mut answer)?;
    Ok(answer)
}
