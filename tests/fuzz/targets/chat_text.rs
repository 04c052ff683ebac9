//! Text from the other end of the chat: decoded in pieces, and shown (lesson 04).
//!
//! Oracles: `String::from_utf8_lossy` sees all octets at once; a terminal (vt100) shows the text.
#![no_main]

use fuzz::Trickle;
use lesson_04_tcp_chat::decode::Utf8Decoder;
use lesson_04_tcp_chat::keyboard::read_line;
use lesson_04_tcp_chat::screen::{Screen, is_harmless, visible};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8])| {
    let (most, data) = input;
    let mut decoder = Utf8Decoder::default();
    let mut text = String::new();
    for piece in data.chunks(usize::from(most).max(1)) {
        decoder.push(piece, &mut text);
        // What waits is the beginning of one character.
        assert!(String::from_utf8_lossy(data).starts_with(&text));
    }
    let midway = decoder.is_midway();
    let before = text.len();
    decoder.finish(&mut text);
    assert_eq!(text.len() > before, midway);
    assert!(!decoder.is_midway());
    assert_eq!(text, String::from_utf8_lossy(data));

    let shown = visible(&text);
    assert!(shown.chars().all(is_harmless));
    if text.chars().all(is_harmless) {
        assert_eq!(shown, text);
    }
    screen(&text, &shown);

    let mut input = Trickle::buffered(data, most.into());
    let mut lines = data.split_inclusive(|octet| *octet == b'\n');
    while let Some(line) = read_line(&mut input).expect("a slice does not fail") {
        let expected = lines.next().expect("no more lines than there are");
        let expected = match expected {
            [line @ .., b'\r', b'\n'] | [line @ .., b'\n'] | line => line,
        };
        assert_eq!(line, String::from_utf8_lossy(expected));
    }
    assert_eq!(lines.next(), None);
});

/// What the chat writes moves no cursor: on a terminal that is wide enough it stands in one line.
fn screen(text: &str, shown: &str) {
    let mut out = Vec::new();
    Screen::new(&mut out, false)
        .text(text)
        .expect("a vector takes all");
    if shown.len() > 400 || !shown.is_ascii() {
        return;
    }
    let wide = std::num::NonZeroU16::new(500).expect("not 0");
    let high = std::num::NonZeroU16::new(2).expect("not 0");
    let mut terminal = vt100::Parser::new(high, wide, 0);
    terminal.process(&out);
    let (row, column) = terminal.screen().cursor_position();
    assert_eq!((row, usize::from(column)), (0, shown.len()), "{shown:?}");
    assert_eq!(terminal.screen().contents().trim_end(), shown.trim_end());
}
