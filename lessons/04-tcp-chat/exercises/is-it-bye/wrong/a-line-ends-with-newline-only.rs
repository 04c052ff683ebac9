//! A line ends with `\n`, and with nothing else.
//!
//! On Unix it does. Many protocols, and some terminals, end a line with two octets, `\r\n`: a receiver that
//! takes only the `\n` away is left with `bye\r`, which looks like `bye` on the screen and is another message.
//! Know both line ends.

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    matches!(message, b"bye" | b"bye\n")
}
