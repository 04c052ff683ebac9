//! What arrives is text.
//!
//! What arrives is octets, and a stranger chooses them. One octet that is not UTF-8, or the first half
//! of an `é` that a read has cut, and `from_utf8` returns an error: `unwrap` or `expect` makes it the
//! end of your server. Compare octets with octets.

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    let text = std::str::from_utf8(message).unwrap();
    text == "bye" || text == "bye\n" || text == "bye\r\n"
}
