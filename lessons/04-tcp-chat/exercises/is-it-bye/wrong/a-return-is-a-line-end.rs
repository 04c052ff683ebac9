//! `\r` is a line end too.
//!
//! It is only the first half of one: `\r\n`. A `\r` by itself is an octet of the message, perhaps because a read
//! has cut the line end in two, and the `\n` is still on its way. Take `\r\n` away, or `\n`, and not each by
//! itself.

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    let message = message.strip_suffix(b"\n").unwrap_or(message);
    let message = message.strip_suffix(b"\r").unwrap_or(message);
    message == b"bye"
}
