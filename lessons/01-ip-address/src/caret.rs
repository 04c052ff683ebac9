//! The caret under a fault, for a text that may hold anything.

use crate::refusal::Refusal;

/// Text from outside, made fit for a terminal: control characters are written as escapes, so that a
/// file of addresses cannot clear the screen. Long text is cut.
pub fn shown(text: &str) -> String {
    const LIMIT: usize = 40;
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == LIMIT {
            shown.push('…');
            break;
        }
        push_shown(&mut shown, character);
    }
    shown
}

fn push_shown(text: &mut String, character: char) {
    // Right-to-left marks and their like reorder the line they stand in.
    let invisible = matches!(character, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    if character.is_control() || invisible {
        text.extend(character.escape_default());
    } else {
        text.push(character);
    }
}

// ANCHOR: caret
/// Two lines: the text, and carets under the fault. Of a long text, the part around
/// the fault.
pub fn pointed(text: &str, refusal: Refusal) -> String {
    const BEFORE: usize = 48;
    const AFTER: usize = 16;
    let fault = refusal.at..refusal.at + refusal.len;
    let first = text[..floor(text, refusal.at)]
        .chars()
        .count()
        .saturating_sub(BEFORE);
    let mut line = String::new();
    let mut carets = String::new();
    if first > 0 {
        line.push('…');
        carets.push(' ');
    }
    for (count, (at, character)) in text.char_indices().skip(first).enumerate() {
        if count > BEFORE + AFTER {
            line.push('…');
            break;
        }
        let start = line.len();
        push_shown(&mut line, character);
        let mark = if fault.contains(&at) { "^" } else { " " };
        let columns = columns(&line[start..]);
        if columns == 0 && mark == "^" {
            carets.pop(); // a combining mark is drawn over the character before it
            carets.push('^');
        }
        carets.push_str(&mark.repeat(columns));
    }
    if refusal.at >= text.len() {
        carets.push('^'); // something is missing at the end
    }
    format!("  {line}\n  {}", carets.trim_end())
}
// ANCHOR_END: caret

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// How many columns of a terminal a text takes: full-width characters take two, combining marks
/// none. A short list of the blocks that matter here; Unicode TR #11 has the whole of it.
fn columns(text: &str) -> usize {
    text.chars()
        .map(|character| match character {
            '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}' => 0,
            '\u{1100}'..='\u{115F}'
            | '\u{2E80}'..='\u{A4CF}'
            | '\u{AC00}'..='\u{D7A3}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FE30}'..='\u{FE6F}'
            | '\u{FF01}'..='\u{FF60}'
            | '\u{FFE0}'..='\u{FFE6}'
            | '\u{1F300}'..='\u{1FAFF}'
            | '\u{20000}'..='\u{3FFFD}' => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ipv4;
    use crate::refusal::Reason;

    #[test]
    fn carets_stand_under_the_fault() {
        let point = |text: &str| pointed(text, ipv4::parse(text.as_bytes()).unwrap_err());
        assert_eq!(point("256.1.1.1"), "  256.1.1.1\n  ^^^");
        assert_eq!(point("1.2.3"), "  1.2.3\n       ^");
        assert_eq!(point(""), "  \n  ^");
        // A full-width digit takes two columns; an escape as many as its characters.
        assert_eq!(point("1.\u{FF12}.3.4"), "  1.\u{FF12}.3.4\n    ^^");
        assert_eq!(point("1.2\u{360}.3.4"), "  1.2\u{360}.3.4\n    ^");
        assert_eq!(point("1.\u{1b}.3.4"), "  1.\\u{1b}.3.4\n    ^^^^^^");
    }

    #[test]
    fn long_text_is_cut_around_the_fault() {
        let text = format!("{}x{}", "1".repeat(5000), "2".repeat(5000));
        let lines = pointed(&text, Refusal::new(5000, 1, Reason::Trailing));
        assert!(
            lines.lines().all(|line| line.chars().count() < 80),
            "{lines}"
        );
        let (line, carets) = lines.split_once('\n').unwrap();
        let column = carets.chars().position(|mark| mark == '^').unwrap();
        assert_eq!(line.chars().nth(column), Some('x'));
    }

    proptest! {
        #[test]
        fn any_text_gets_a_sentence_without_control_characters(text in ".*|[0-9.:/ +x-]*") {
            if let Err(refusal) = crate::notation::read(text.as_bytes(), false) {
                let sentence = refusal.sentence(&text);
                prop_assert!(!sentence.is_empty() && !sentence.contains(char::is_control));
                let lines = pointed(&text, refusal);
                prop_assert!(lines.contains('^'), "{}", lines);
                prop_assert_eq!(lines.chars().filter(|c| c.is_control()).count(), 1);
            }
        }
    }
}
