//! One read is one message.
//!
//! `read` returns what has arrived, and a stream keeps no boundaries: the answer may come in any number of
//! pieces. It is whole when a read returns 0, the end of the stream. `read_to_end` reads until then.

use std::io::{self, Read, Write};
use std::net::Shutdown;
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
        let _ = writer.shutdown(Shutdown::Write);
    });
    let mut answer = vec![0; 64 * 1024];
    let count = ours.read(&mut answer)?;
    answer.truncate(count);
    Ok(answer)
}
