//! What several fuzz targets need.

pub mod conversation;

use std::io::{self, BufReader, Read, Write};

use lesson_00_cs_vs_bs::terminal::is_order;

/// A reader that gives at most so many octets at a time, as a network may. What is written to it goes
/// nowhere.
pub struct Trickle<'a> {
    rest: &'a [u8],
    most: usize,
}

impl<'a> Trickle<'a> {
    /// Gives `octets` in pieces of `most` (at least 1).
    pub fn new(octets: &'a [u8], most: usize) -> Self {
        Self {
            rest: octets,
            most: most.max(1),
        }
    }

    /// The same, behind a buffer of `most` octets.
    pub fn buffered(octets: &'a [u8], most: usize) -> BufReader<Self> {
        BufReader::with_capacity(most.max(1), Self::new(octets, most))
    }

    /// What has not been taken.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = self.most.min(into.len());
        self.rest.read(&mut into[..most])
    }
}

impl Write for Trickle<'_> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        Ok(from.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What nobody has read yet of a buffered [`Trickle`].
pub fn unread(wire: &BufReader<Trickle<'_>>) -> Vec<u8> {
    [wire.buffer(), wire.get_ref().rest()].concat()
}

/// Panics if a terminal would obey a character of this text.
///
/// # Panics
/// When it has an order other than those in `allowed`.
pub fn assert_harmless(text: &str, allowed: &[char]) {
    let order = text.chars().find(|c| is_order(*c) && !allowed.contains(c));
    assert_eq!(order, None, "in {text:?}");
}
