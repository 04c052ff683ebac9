//! Text from a peer, made safe for a terminal.

use std::fmt::Write as _;

/// `octets` as one line of text that a terminal can show.
///
/// Octets that are not UTF-8 become U+FFFD. Control characters are written as escapes (`\u{1b}`):
/// a peer that sends them raw could clear your screen or retitle your window. Line ends are cut
/// off.
pub fn shown(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(octets);
    let mut line = String::with_capacity(text.len());
    for c in text.trim_end_matches(['\r', '\n']).chars() {
        if c.is_control() {
            // Writing to a String cannot fail.
            let _ = write!(line, "{}", c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// The beginning of `octets`, as [`shown`], and how many are left out: what a stranger sends must not
/// fill the screen.
pub fn beginning(octets: &[u8]) -> String {
    const MOST: usize = 1000;
    match octets.len().checked_sub(MOST) {
        None | Some(0) => shown(octets),
        Some(more) => format!("{} … and {more} octets more", shown(&octets[..MOST])),
    }
}

/// The system's own words for `error`, without the number that it adds ("os error 13").
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::from("no reason given"),
    }
}

#[cfg(test)]
mod tests {
    use super::{beginning, shown};
    use proptest::prelude::*;

    #[test]
    fn line_ends_go_and_controls_are_escaped() {
        assert_eq!(shown(b"hello\r\n"), "hello");
        assert_eq!(shown(b"\x1b[2J\0"), "\\u{1b}[2J\\u{0}");
        assert_eq!(shown("你好\n".as_bytes()), "你好");
        assert_eq!(shown(b"a\xffb"), "a\u{fffd}b");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(beginning(b"short\n"), "short");
        assert_eq!(beginning(&[b'x'; 1000]), "x".repeat(1000));
        let cut = beginning(&vec![b'x'; 200_000]);
        assert!(cut.ends_with("x … and 199000 octets more"), "{cut}");
    }

    #[cfg(unix)]
    #[test]
    fn a_reason_has_no_number() {
        let error = std::io::Error::from_raw_os_error(13);
        assert_eq!(super::reason(&error), "permission denied");
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_obeys_passes(octets: Vec<u8>) {
            prop_assert!(!shown(&octets).chars().any(char::is_control));
        }
    }
}
