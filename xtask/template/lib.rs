//! {{title}}: say in one sentence which question this lesson answers.

use std::io::{self, Write};

// ANCHOR: send
/// Writes a text to the peer, as UTF-8, and returns how many octets that took.
///
/// # Errors
/// When the peer cannot be written to.
pub fn send(peer: &mut impl Write, text: &str) -> io::Result<usize> {
    // `write` may take only a part; `write_all` goes on until all is written.
    peer.write_all(text.as_bytes())?;
    Ok(text.len())
}
// ANCHOR_END: send

#[cfg(test)]
mod tests {
    use super::send;

    #[test]
    fn a_character_may_take_several_octets() {
        let mut peer = Vec::new();
        assert_eq!(send(&mut peer, "é好").unwrap(), 5);
        assert_eq!(peer, [0xc3, 0xa9, 0xe5, 0xa5, 0xbd]);
    }
}
