//! Octets from a peer, made safe to print.

use std::fmt::Write;

/// Octets as text: control characters are escaped (`\n`, `\u{1b}`), and so is every octet that is
/// not UTF-8 (`\xe7`). Nothing a peer sends can move the cursor or clear the screen.
pub fn show(octets: &[u8]) -> String {
    let mut text = String::new();
    for chunk in octets.utf8_chunks() {
        text.extend(chunk.valid().chars().flat_map(char::escape_debug));
        for octet in chunk.invalid() {
            // Writing to a String cannot fail.
            write!(text, "\\x{octet:02x}").ok();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_stays_and_control_characters_go() {
        assert_eq!(show("网\n".as_bytes()), "网\\n");
        assert_eq!(show(b"\x1b[2J\xe7"), "\\u{1b}[2J\\xe7");
    }

    proptest! {
        #[test]
        fn no_control_character_comes_through(octets: Vec<u8>) {
            prop_assert!(!show(&octets).chars().any(char::is_control));
        }
    }
}
