//! What can end a conversation badly, each in one sentence.

use std::{fmt, io};

/// Why a conversation ended before its time.
#[derive(Debug)]
pub enum ChatError {
    /// The peer's system refused the connection's octets: the program died with octets unread, or
    /// closed while we were still sending (RST; `ECONNRESET`, `EPIPE`).
    PeerReset,
    /// The octets received are not valid UTF-8; only [`crate::naive`] gives up at this.
    NotUtf8 {
        /// Where the first wrong octet stands in what one read returned, counted from 0.
        at: usize,
        /// That octet.
        octet: u8,
        /// Whether the octets are the beginning of a character that the read has cut off.
        cut_off: bool,
    },
    /// The keyboard has no more lines; only [`crate::naive`] gives up at this.
    EndOfInput,
    /// Our own terminal or output file cannot be written.
    Screen(io::Error),
    /// Our own keyboard or input file cannot be read.
    Keyboard(io::Error),
    /// Anything else that the socket reports.
    Socket(io::Error),
}

impl ChatError {
    /// Names the error of a read or write on the *socket*.
    pub fn from_socket(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => Self::PeerReset,
            _ => Self::Socket(error),
        }
    }
}

impl fmt::Display for ChatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PeerReset => f.write_str(
                "the connection was reset: the peer is gone, and may not have read your last line",
            ),
            Self::NotUtf8 { at, octet, cut_off } => {
                let fault = if *cut_off {
                    "begins a character that the read cut off"
                } else {
                    "is not UTF-8"
                };
                write!(
                    f,
                    "octet {at} of this read, 0x{octet:02x}, {fault}: the naive program gives up"
                )
            }
            Self::EndOfInput => {
                f.write_str("end of input: the naive program leaves without saying `bye`")
            }
            Self::Screen(error) => write!(f, "your screen cannot be written to: {}", plain(error)),
            Self::Keyboard(error) => write!(f, "your input cannot be read: {}", plain(error)),
            Self::Socket(error) => write!(f, "the connection failed: {}", plain(error)),
        }
    }
}

impl std::error::Error for ChatError {}

/// The system's words without "(os error 111)".
pub(crate) fn plain(error: &io::Error) -> String {
    let words = error.to_string();
    match words.find(" (os error") {
        Some(end) => words[..end].to_lowercase(),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::ChatError;
    use std::io;

    #[test]
    fn no_message_ends_in_an_os_error() {
        let error = || io::Error::from_raw_os_error(5);
        for error in [
            ChatError::Screen(error()),
            ChatError::Keyboard(error()),
            ChatError::Socket(error()),
        ] {
            assert!(!error.to_string().contains("os error"), "{error}");
        }
    }
}
