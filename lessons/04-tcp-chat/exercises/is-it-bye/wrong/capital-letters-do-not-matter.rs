//! Capital letters do not matter.
//!
//! To a reader `Bye` is the same word. To the other program it is three octets, of which the first is
//! 0x42 and not 0x62. A protocol may say that both count; this one does not, and a peer that goes on
//! talking will find nobody.

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    let message = message.strip_suffix(b"\n").unwrap_or(message);
    let message = message.strip_suffix(b"\r").unwrap_or(message);
    message.eq_ignore_ascii_case(b"bye")
}
