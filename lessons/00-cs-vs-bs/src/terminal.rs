//! Text from strangers, made fit for a terminal.
//!
//! A terminal obeys *control characters*: some move its cursor, some clear it, some change its
//! title. Text from the network must not reach it as it came.

use std::fmt::Display;

/// Whether `c` is an order to a terminal, and no sign that it shows: a control character, the end of
/// a line or a paragraph, or one of Unicode's characters that turn the direction of writing (the
/// property `Bidi_Control`, UAX #9), with which `gnp.exe` can be made to look like `exe.png`.
pub fn is_order(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text with U+FFFD in the place of every order but the tab.
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if is_order(c) && c != '\t' {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

/// The text in one short line: orders are spelled out (`\u{1b}`), and what is longer than 60
/// characters is cut.
pub fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

/// The words of a system error without its number, and without the path that some errors carry:
/// "No such file or directory", not "No such file or directory (os error 2) at path "/srv/x"". The
/// number helps nobody who is learning, and the path is no business of a stranger.
pub fn plain(error: &impl Display) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_order_gets_through() {
        let hostile = "a\u{1b}[2J\r\n\tb\u{7f}\u{85}\u{61c}\u{2028}\u{202e}报";
        assert_eq!(
            visible(hostile),
            "a\u{fffd}[2J\u{fffd}\u{fffd}\tb".to_owned() + &"\u{fffd}".repeat(5) + "报"
        );
        assert!(!short(hostile).contains(is_order), "{}", short(hostile));
        assert_eq!(short(&"x".repeat(61)), "x".repeat(60) + "…");
    }

    #[test]
    fn errors_have_words_and_neither_number_nor_path() {
        let missing = tempfile::tempdir().unwrap().path().join("gone");
        let error = tempfile::NamedTempFile::new_in(missing).unwrap_err();
        assert!(error.to_string().contains("(os error"));
        assert!(!plain(&error).contains(['(', '/', '"']));
    }
}
