//! When send has returned, the other side has it.
//!
//! It has returned, so your kernel has a copy; `flush` says no more. The octets may be under way, or in
//! the other kernel, and the store's program may end without reading them. Only its answer says that it
//! has the message: wait for it.

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends the message, which contains no `\n`, as one line. `Ok` means that the store has confirmed it:
/// it has answered with the line `ok`. Any other answer is an error, and so is an end before the answer.
pub fn deliver(stream: &mut TcpStream, message: &str) -> io::Result<()> {
    stream.write_all(message.as_bytes())?;
    stream.write_all(b"\n")?;
    stream.flush()
}
