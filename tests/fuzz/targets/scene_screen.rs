//! A program's output on the terminal's screen, as lines.
//!
//! Oracle: the same output in other pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scenes::screen::Screen;

fuzz_target!(|input: (u8, &[u8])| {
    let (most, octets) = input;
    // The programs print UTF-8, and in their escape sequences ASCII. Of anything else the terminal's
    // library (vte 0.15) makes different things in different pieces.
    let text = String::from_utf8_lossy(octets);
    let is_foreign = |sequence: &str| {
        let end = |c: char| matches!(c, '\u{40}'..='\u{5a}' | '\u{5c}'..='\u{7e}');
        sequence
            .chars()
            .take_while(|c| !end(*c))
            .any(|c| !c.is_ascii())
    };
    if text.split('\u{1b}').skip(1).any(is_foreign) || text.contains("\u{1b}]") {
        return;
    }
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
