//! From a screen to a transcript: what was typed is marked, what varies is named.

use std::ops::Range;

use crate::ports::whole_words;
use crate::screen::ScreenLine;
use crate::transcript::{Line, Span, SpanKind};

/// What the player knows about a program's screen beside its text.
#[derive(Default)]
pub struct Marks {
    /// Where something was typed (line, octet in it), and what.
    pub typed: Vec<((usize, usize), String)>,
    /// Where a measurement stands (line, octets in it), and its name.
    pub measures: Vec<(usize, Range<usize>, String)>,
}

/// Adds one program to the transcript of its terminal.
pub fn write_down(
    out: &mut Vec<Line>,
    command: &str,
    lines: &[ScreenLine],
    marks: &Marks,
    values: &[(String, String)],
    code: i32,
) {
    out.push(Line::Command(command.to_owned()));
    // The cursor stands at the start of the line after the last one: nothing was written there.
    let shown = match lines {
        [shown @ .., last] if last.text.is_empty() => shown,
        all => all,
    };
    for (index, line) in shown.iter().enumerate() {
        out.push(Line::Output(spans(index, line, marks, values)));
    }
    if code != 0 {
        out.push(Line::Exit(code));
    }
}

fn spans(index: usize, line: &ScreenLine, marks: &Marks, values: &[(String, String)]) -> Vec<Span> {
    let replaced = replacements(index, &line.text, marks, values);
    let typed: Vec<Range<usize>> = marks
        .typed
        .iter()
        .filter(|((at, _), _)| *at == index)
        .map(|((_, octet), text)| *octet..octet + text.len())
        .filter(|range| !range.is_empty() && line.text.len() >= range.end)
        .collect();

    let mut spans: Vec<Span> = Vec::new();
    let mut after_value = 0;
    for ((octet, ch), sgr) in line.text.char_indices().zip(&line.styles) {
        if octet < after_value {
            continue;
        }
        if let Some((range, name)) = replaced.iter().find(|(range, _)| range.start == octet) {
            spans.push(Span {
                text: name.clone(),
                kind: SpanKind::Value,
                sgr: sgr.clone(),
            });
            after_value = range.end;
            continue;
        }
        let typed = typed.iter().any(|range| range.contains(&octet));
        let kind = if typed {
            SpanKind::Typed
        } else {
            SpanKind::Plain
        };
        match spans.last_mut() {
            Some(last) if last.kind == kind && last.sgr == *sgr => last.text.push(ch),
            _ => spans.push(Span {
                text: ch.to_string(),
                kind,
                sgr: sgr.clone(),
            }),
        }
    }
    spans
}

/// Which octets of the line are replaced by which name.
fn replacements(
    index: usize,
    text: &str,
    marks: &Marks,
    values: &[(String, String)],
) -> Vec<(Range<usize>, String)> {
    let mut replaced: Vec<(Range<usize>, String)> = Vec::new();
    for (_, range, name) in marks.measures.iter().filter(|(at, _, _)| *at == index) {
        // A wider number takes the place of padding: keep one space on either side, so that the
        // transcript does not depend on how many digits there were.
        let before = text[..range.start].trim_end_matches(' ').len();
        let start = if range.start > before {
            before + 1
        } else {
            range.start
        };
        let after = text[range.end..].len() - text[range.end..].trim_start_matches(' ').len();
        let start = if before == 0 { 0 } else { start };
        replaced.push((start..range.end + after.saturating_sub(1), name.clone()));
    }
    for (name, value) in values {
        for range in whole_words(text, value) {
            let taken = replaced
                .iter()
                .any(|(r, _)| r.start < range.end && range.start < r.end);
            if !taken {
                replaced.push((range, name.clone()));
            }
        }
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, marks: &Marks, values: &[(String, String)]) -> String {
        let line = ScreenLine {
            text: text.into(),
            styles: vec![String::new(); text.chars().count()],
        };
        let mut out = Vec::new();
        write_down(
            &mut out,
            "cat",
            &[line, ScreenLine::default()],
            marks,
            values,
            0,
        );
        assert_eq!(out.len(), 2, "the empty line below is not written");
        out[1].to_string()
    }

    #[test]
    fn typed_text_is_marked() {
        let marks = Marks {
            typed: vec![((0, 4), "你好".into())],
            ..Marks::default()
        };
        assert_eq!(written(">>> 你好", &marks, &[]), "|>>> «你好»");
    }

    #[test]
    fn values_are_named_wherever_they_stand_as_a_word() {
        let values = [("peer".to_owned(), "4000".to_owned())];
        assert_eq!(
            written(
                "4000: from 127.0.0.1:4000, 14000 octets",
                &Marks::default(),
                &values
            ),
            "|⟨peer⟩: from 127.0.0.1:⟨peer⟩, 14000 octets"
        );
    }

    #[test]
    fn a_measurement_is_named_in_its_place_and_its_padding_squeezed() {
        for (text, range) in [("took   12 ms, 12", 7..9), ("took 1234 ms, 12", 5..9)] {
            let marks = Marks {
                measures: vec![(0, range, "ms".into())],
                ..Marks::default()
            };
            assert_eq!(written(text, &marks, &[]), "|took ⟨ms⟩ ms, 12");
        }
        let marks = Marks {
            measures: vec![(0, 3..4, "n".into())],
            ..Marks::default()
        };
        assert_eq!(written("   7    of 9", &marks, &[]), "|⟨n⟩ of 9");
    }
}
