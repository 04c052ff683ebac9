//! The peer can see that I have sent everything.
//!
//! The end of your data says nothing by itself: the filter waits for more, and you for its answer. To drop
//! a clone says nothing either, because the one that you read from keeps the same socket open. Say it:
//! `shutdown(Shutdown::Write)`.

use std::io::{self, Read, Write};
use std::thread;

use kit::unix::UnixStream;

/// Sends `input` through `filter`, which runs in a thread of its own, and returns all that it answers.
pub fn through(filter: fn(UnixStream), input: &[u8]) -> io::Result<Vec<u8>> {
    let (mut ours, theirs) = UnixStream::pair()?;
    thread::spawn(move || filter(theirs));
    let mut writer = ours.try_clone()?;
    let input = input.to_vec();
    thread::spawn(move || {
        let _ = writer.write_all(&input);
        drop(writer);
    });
    let mut answer = Vec::new();
    ours.read_to_end(&mut answer)?;
    Ok(answer)
}
