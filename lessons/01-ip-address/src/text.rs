//! A short ASCII text that lives on the stack.

use std::fmt;

/// At most `N` octets of ASCII text. It needs no allocation, so a formatter can return one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<const N: usize> {
    octets: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    /// An empty text.
    pub(crate) const fn new() -> Self {
        Self {
            octets: [0; N],
            len: 0,
        }
    }

    /// Appends one ASCII character. The formatters choose `N` so that their longest text fits.
    pub(crate) fn push(&mut self, character: u8) {
        self.octets[self.len] = character;
        self.len += 1;
    }

    /// Appends a piece of ASCII text.
    pub(crate) fn push_all(&mut self, piece: &[u8]) {
        self.octets[self.len..self.len + piece.len()].copy_from_slice(piece);
        self.len += piece.len();
    }

    /// The text as octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.octets[..self.len]
    }

    /// The text as a string slice.
    pub fn as_str(&self) -> &str {
        // Only ASCII is ever pushed, so the conversion cannot fail.
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
