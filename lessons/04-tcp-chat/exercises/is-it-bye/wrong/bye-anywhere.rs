//! A message that contains `bye` is `bye`.
//!
//! `goodbye` contains it, and so does `see you`, `bye` when two messages arrive in one read. A program
//! that leaves at the word in any place leaves in the middle of somebody's sentence. Only the whole
//! message can be `bye`: compare all of it.

/// Whether a message ends the conversation: it is `bye`, alone or with one line end behind it, which is
/// `\n` or `\r\n`.
pub fn is_bye(message: &[u8]) -> bool {
    message.windows(3).any(|word| word == b"bye")
}
