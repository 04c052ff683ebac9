//! Is it bye?

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    matches!(message, b"bye" | b"bye\n" | b"bye\r\n")
}
