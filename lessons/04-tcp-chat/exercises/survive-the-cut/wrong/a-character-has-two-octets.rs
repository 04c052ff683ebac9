//! A character has two octets at most.
//!
//! `é` has two, and so this works in half of Europe. `你` has three and `😀` has four: up to three octets
//! of a character can be there while the last one is missing. Keep all of them.

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
        let begun = match self.kept.last() {
            Some(last) if *last >= 0xC0 => vec![*last],
            _ => Vec::new(),
        };
        let complete = self.kept.len() - begun.len();
        let text = String::from_utf8_lossy(&self.kept[..complete]).into_owned();
        self.kept = begun;
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
