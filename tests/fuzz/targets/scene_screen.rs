//! A program's output on the terminal's screen, as lines.
//!
//! Oracle: the same output in other pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scenes::screen::Screen;

fuzz_target!(|input: (u8, &[u8])| {
    let (most, octets) = input;
    // The programs print UTF-8. Of other octets behind an escape the terminal's library (vte) makes
    // different things in different pieces.
    let text = String::from_utf8_lossy(octets);
    let octets = text.as_bytes();
    let mut whole = Screen::new();
    whole.write(octets);
    let mut pieces = Screen::new();
    for piece in octets.chunks(usize::from(most).max(1)) {
        pieces.write(piece);
    }
    let lines = whole.lines();
    assert_eq!(pieces.lines(), lines);
    assert!(!lines.is_empty());
    assert!(lines.len() <= usize::from(Screen::size().0));
    for line in &lines {
        assert_eq!(line.styles.len(), line.text.chars().count());
        assert!(!line.text.contains(char::is_control), "{:?}", line.text);
    }
});
