//! `trim` takes the line end away.
//!
//! It takes *all* white space away, at both ends: spaces, tabs, and ten empty lines. ` bye` and `bye `
//! are other octets than `bye`, and the peer that compares exactly goes on with the conversation. Take
//! one line end away, and only at the end.

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    message.trim_ascii() == b"bye"
}
