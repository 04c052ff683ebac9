//! What had to come and what came, with the place where they begin to differ.

use kit::{Compared, Kind};
use unicode_width::UnicodeWidthChar as _;

use crate::text::{BAD, character, harmless, octets_as_hex, paint};

/// How far all lines stand in.
const INDENT: &str = "  ";
/// What stands before a row.
const NAMES: [&str; 3] = ["  expected  ", "  got       ", "            "];
/// So many octets stand in one row.
const ROW: usize = 16;

/// The comparison. For a stream that ended early, `kind` tells that only the length is wrong.
pub fn tell(compared: &Compared, kind: Kind, width: usize) -> String {
    match compared {
        Compared::Values { expected, got } => values(expected, got, width),
        Compared::Octets { expected, got } => {
            // Text up to a mark was read: what came is not to be held against the mark.
            let comparable = kind != Kind::End || expected.starts_with(got);
            octets(expected, got, comparable, width)
        }
    }
}

fn octets(expected: &[u8], got: &[u8], comparable: bool, width: usize) -> String {
    let same = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
    let at = if comparable { same } else { 0 };
    let fit = ROW.min(width.saturating_sub(NAMES[0].len() + 3) / 3).max(4);
    // The place stands in the middle of the row, with what leads there.
    let from = if expected.len().max(got.len()) <= fit {
        0
    } else {
        at.saturating_sub(fit / 2)
    };
    let mut lines = Vec::new();
    for (octets, name) in [(expected, NAMES[0]), (got, NAMES[1])] {
        let row = octets.get(from..).unwrap_or_default();
        let row = &row[..row.len().min(fit)];
        if row.is_empty() && from == 0 {
            lines.push(format!("{name}nothing"));
            continue;
        }
        let (before, after) = (
            if from > 0 { "… " } else { "" },
            if from + row.len() < octets.len() {
                " …"
            } else {
                ""
            },
        );
        let blank = if from > 0 { "  " } else { "" };
        lines.push(format!(
            "{name}{before}{}{after}",
            cells(octets, from, row.len())
        ));
        lines.push(format!("{}{blank}{}", NAMES[2], octets_as_hex(row)));
    }
    if comparable {
        let blank = if from > 0 { 2 } else { 0 };
        let column = NAMES[2].len() + blank + (at - from) * 3;
        lines.push(format!("{}{}", " ".repeat(column), paint(BAD, "^^")));
        let told = place(expected, got, at);
        lines.push(crate::text::wrap(&told, width, INDENT, INDENT));
    }
    lines
        .iter()
        .map(|line| line.trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The characters of the octets `from..from + length`, each over its first octet.
fn cells(octets: &[u8], from: usize, length: usize) -> String {
    let mut cells = vec!["  ".to_owned(); octets.len()];
    let mut at = 0;
    for chunk in octets.utf8_chunks() {
        for c in chunk.valid().chars() {
            let text = if c == '\\' { "\\".into() } else { character(c) };
            let wide = text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
            cells[at] = match wide {
                1 => format!("{text} "),
                2 => text,
                // Its octets say what it is.
                _ => ". ".into(),
            };
            at += c.len_utf8();
        }
        for cell in &mut cells[at..at + chunk.invalid().len()] {
            ". ".clone_into(cell);
        }
        at += chunk.invalid().len();
    }
    cells[from..from + length].join(" ").trim_end().to_owned()
}

/// Where the two begin to differ, as a sentence.
fn place(expected: &[u8], got: &[u8], at: usize) -> String {
    let number = match std::str::from_utf8(expected) {
        Ok(text) => {
            let before = text
                .char_indices()
                .take_while(|(start, c)| start + c.len_utf8() <= at);
            format!(
                "octet {at}, character {} (both counted from 0)",
                before.count()
            )
        }
        Err(_) => format!("octet {at} (counted from 0)"),
    };
    match (expected.get(at), got.get(at)) {
        (Some(right), Some(wrong)) => format!(
            "The first octet that differs is {number}: expected {}, got {}.",
            octet(*right),
            octet(*wrong)
        ),
        (Some(right), None) if got.is_empty() => {
            format!("Nothing came. The first octet was to be {}.", octet(*right))
        }
        (Some(right), None) => {
            format!(
                "As {number}, {} was to come, and nothing came.",
                octet(*right)
            )
        }
        (None, Some(wrong)) if expected.is_empty() => {
            format!(
                "No octet was to come. The first that came is {}.",
                octet(*wrong)
            )
        }
        (None, Some(wrong)) => {
            format!(
                "No more octets were to come. As {number} came {}.",
                octet(*wrong)
            )
        }
        (None, None) => "They are the same octets.".into(),
    }
}

/// An octet in hexadecimal and, if it is a character, as text.
fn octet(octet: u8) -> String {
    if octet.is_ascii() {
        format!("{octet:02x} (`{}`)", character(char::from(octet)))
    } else {
        format!("{octet:02x}")
    }
}

fn values(expected: &str, got: &str, width: usize) -> String {
    let (expected, got) = (harmless(expected), harmless(got));
    let (expected, got) = (expected.replace('\n', "\\n"), got.replace('\n', "\\n"));
    let same = (expected.chars().zip(got.chars())).take_while(|(a, b)| a == b);
    let same = same.count();
    let room = width.saturating_sub(NAMES[0].len() + 3).max(10);
    let longest = expected.chars().count().max(got.chars().count());
    let from = if longest <= room {
        0
    } else {
        same.saturating_sub(room / 2)
    };
    let (right, wrong) = (window(&expected, from, room), window(&got, from, room));
    let mut lines = vec![
        format!("{}{right}", NAMES[0]),
        format!("{}{wrong}", NAMES[1]),
    ];
    // Where two values have nothing in common, as `true` and `false`, a mark says nothing.
    if same > 0 && expected != got {
        let shown = same - from + usize::from(from > 0);
        let column: usize = wrong
            .chars()
            .take(shown)
            .map(|c| c.width().unwrap_or(0))
            .sum();
        lines.push(format!(
            "{}{}{}",
            NAMES[2],
            " ".repeat(column),
            paint(BAD, "^")
        ));
        if expected.starts_with('"') && got.starts_with('"') {
            lines.push(format!(
                "{INDENT}They differ from character {} on (counted from 0).",
                same - 1
            ));
        }
    }
    lines.join("\n")
}

/// So much of a value from a character on, with signs where something is left out.
fn window(value: &str, from: usize, room: usize) -> String {
    let before = if from > 0 { "…" } else { "" };
    let mut rest = value.chars().skip(from);
    let shown: String = (&mut rest).take(room).collect();
    let after = if rest.next().is_some() { "…" } else { "" };
    format!("{before}{shown}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anstream::adapter::strip_str;

    fn told(expected: &[u8], got: &[u8], kind: Kind, width: usize) -> String {
        let compared = Compared::Octets {
            expected: expected.to_vec(),
            got: got.to_vec(),
        };
        strip_str(&tell(&compared, kind, width)).to_string()
    }

    #[test]
    fn octets_that_differ_are_marked() {
        let long = "a long line of text, as long as need be\n";
        let all = [
            told(b"HELLO\n", b"HELlo\n", Kind::Octets, 80),
            told(b"HELLO\n", b"HEL", Kind::End, 80),
            told(b"", b"HEL", Kind::Octets, 80),
            told(b"HELLO\n", b"", Kind::Octets, 80),
            told(b"OK", b"OK!", Kind::Octets, 80),
            told("caf\u{e9}\n".as_bytes(), b"caf\xc3?\n", Kind::Octets, 80),
            told(&[0, 0, 1, 0xff], &[0, 0, 0, 1], Kind::Octets, 80),
            told(b"\n", b"no end", Kind::End, 80),
            told(
                long.as_bytes(),
                &long.as_bytes().to_ascii_uppercase(),
                Kind::Octets,
                50,
            ),
            told(
                long.as_bytes(),
                &long.replace("be", "BE").into_bytes(),
                Kind::Octets,
                50,
            ),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn values_that_differ_are_marked() {
        let told = |expected: &str, got: &str, width| {
            let (expected, got) = (expected.to_owned(), got.to_owned());
            strip_str(&tell(
                &Compared::Values { expected, got },
                Kind::Value,
                width,
            ))
            .to_string()
        };
        let long = format!("\"{}\"", "0123456789".repeat(20));
        let all = [
            told("\"01100100\"", "\"1100100\"", 80),
            told("true", "false", 80),
            told("Some(3)", "Some(4)", 80),
            told(
                &long,
                &long.replacen("56", "65", 11).replacen("65", "56", 10),
                50,
            ),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn any_octets_at_any_width_are_told_without_harm() {
        let all: Vec<u8> = (0..=255).collect();
        for width in [20, 50, 80] {
            for at in 0..all.len() {
                let mut other = all.clone();
                other[at] ^= 0x55;
                for got in [&other[..], &other[..at], &all[at..]] {
                    let told = told(&all, got, Kind::Octets, width);
                    assert!(told.chars().all(|c| c == '\n' || !c.is_control()));
                }
            }
        }
    }
}
