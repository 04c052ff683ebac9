//! What is not valid is only not complete.
//!
//! Some octets will never become a character, whatever follows: an `é` of Latin-1 before a space, or
//! 0xFF. A decoder that waits for the rest of them waits for ever, and shows nothing more; what it keeps
//! grows with each read. `error_len()` tells the two apart.

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
        self.kept.extend(octets);
        let complete = match std::str::from_utf8(&self.kept) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let rest = self.kept.split_off(complete);
        let text = String::from_utf8_lossy(&self.kept).into_owned();
        self.kept = rest;
        text
    }

    /// The stream has ended. Returns what is to be shown for a character that has only begun.
    pub fn finish(&mut self) -> String {
        let text = String::from_utf8_lossy(&self.kept).into_owned();
        self.kept.clear();
        text
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
