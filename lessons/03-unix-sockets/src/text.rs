//! Text from a peer, made safe for a terminal.

use std::fmt::Write as _;

/// `octets` as one line of text that a terminal can show.
///
/// Octets that are not UTF-8 become U+FFFD. What a terminal obeys is written as escapes (`\u{1b}`):
/// a peer that sends it raw could clear your screen or retitle your window. Line ends are cut off.
pub fn shown(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(octets);
    let mut line = String::with_capacity(text.len());
    for c in text.trim_end_matches(['\r', '\n']).chars() {
        if is_order(c) {
            // Writing to a String cannot fail.
            let _ = write!(line, "{}", c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// Whether a terminal obeys `c`, instead of showing it: a control character, the end of a line or a
/// paragraph, or one of those that turn the direction of writing (the property `Bidi_Control`, UAX #9),
/// with which `gnp.exe` can be made to look like `exe.png`.
fn is_order(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
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
    use super::{beginning, is_order, shown};
    use proptest::prelude::*;

    #[test]
    fn line_ends_go_and_controls_are_escaped() {
        assert_eq!(shown(b"hello\r\n"), "hello");
        assert_eq!(shown("\u{202e}gnp.exe".as_bytes()), "\\u{202e}gnp.exe");
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
        fn nothing_that_a_terminal_obeys_passes(octets: Vec<u8>, text: String) {
            prop_assert!(!shown(&octets).contains(is_order));
            prop_assert!(!shown(text.as_bytes()).contains(is_order));
        }
    }
}
