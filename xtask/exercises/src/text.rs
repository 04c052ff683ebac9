//! Text for the terminal: harmless, in colour, and no wider than the window.

use std::fmt::Write as _;
use std::io::IsTerminal as _;

use anstyle::{AnsiColor, Style};
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use textwrap::Options;
use unicode_width::UnicodeWidthStr as _;

/// What is passed.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What is wrong.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What helps.
pub const HELP: Style = AnsiColor::Yellow.on_default().bold();
/// What opens a part.
pub const HEAD: Style = Style::new().bold();
/// What stands aside.
pub const ASIDE: Style = Style::new().dimmed();

/// The window's width where nobody tells it.
const USUAL: usize = 80;

/// The width to write in: that of the terminal, if there is one.
pub fn width() -> usize {
    let told = || {
        let set = std::env::var("COLUMNS").ok()?;
        set.parse::<usize>().ok()
    };
    let seen = || {
        if !std::io::stdout().is_terminal() {
            return None;
        }
        let (columns, _) = crossterm::terminal::size().ok()?;
        Some(usize::from(columns))
    };
    // A terminal that has no size says 0. Long lines are hard to read in a wide window.
    match seen().or_else(told) {
        Some(columns) if columns > 0 => columns.clamp(20, 100),
        _ => USUAL,
    }
}

/// The text in a style. What is written to something else than a terminal loses it again.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// The text without anything that could move the cursor, change colours, or turn the line round:
/// such characters become `\u{1b}` and the like. A line's end stays, a tab becomes spaces.
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push_str("    "),
            c if shows(c) => out.push(c),
            c => out.extend(c.escape_debug()),
        }
    }
    out
}

/// Does the character show itself, and do nothing else?
fn shows(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\') || c.escape_debug().len() == 1
}

/// Octets as text: UTF-8 where they are, escapes where they are not.
pub fn octets_as_text(octets: &[u8]) -> String {
    let mut text = String::new();
    for chunk in octets.utf8_chunks() {
        for c in chunk.valid().chars() {
            text.push_str(&character(c));
        }
        for octet in chunk.invalid() {
            let _ = write!(text, "\\x{octet:02x}");
        }
    }
    text
}

/// A character as it stands in quoted text: `a`, `\n`, `\x1b`, `\u{202e}`.
pub fn character(c: char) -> String {
    match c {
        '\0' => "\\0".into(),
        c if c.is_ascii() => (c as u8).escape_ascii().to_string().replace("\\'", "'"),
        c if shows(c) => c.to_string(),
        c => c.escape_unicode().to_string(),
    }
}

/// Octets in hexadecimal, with spaces between them.
pub fn octets_as_hex(octets: &[u8]) -> String {
    let hex: Vec<String> = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    hex.join(" ")
}

/// `1 octet`, `5 octets`.
pub fn count(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// How many columns a text takes.
pub fn columns(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

/// Keeps the commands in a text whole: what is broken over two lines cannot be copied.
fn commands_whole(text: &str, width: usize) -> String {
    let part = |(number, part): (usize, &str)| {
        let is_command = number % 2 == 1 && part.starts_with("cargo ");
        if is_command && columns(part) + 2 <= width {
            part.replace(' ', "\u{a0}")
        } else {
            part.to_owned()
        }
    };
    let parts: Vec<String> = text.split('`').enumerate().map(part).collect();
    parts.join("`")
}

/// The text in lines of at most `width` columns. The first line begins with `first`, the others with
/// `other`. A line's end in the text stays.
pub fn wrap(text: &str, width: usize, first: &str, other: &str) -> String {
    let mut lines = Vec::new();
    // A path in pieces can be neither read nor copied: the terminal breaks it where it must.
    let endless = text
        .split_whitespace()
        .any(|word| columns(word) > 2 * width);
    for (number, line) in text.split('\n').enumerate() {
        let options = Options::new(width)
            .initial_indent(if number == 0 { first } else { other })
            .subsequent_indent(other)
            .break_words(endless)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        let room = width.saturating_sub(columns(first).max(columns(other)));
        lines.extend(
            textwrap::wrap(&commands_whole(line, room), options)
                .iter()
                .map(|line| line.trim_end().replace('\u{a0}', " ")),
        );
    }
    lines.join("\n")
}

/// Markdown for the terminal: paragraphs filled, tables drawn, code as it stands.
pub fn markdown(text: &str, width: usize) -> String {
    let mut out = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut rows: Vec<&str> = Vec::new();
    let mut in_code = false;
    for line in text.lines().chain([""]) {
        let fence = line.trim_start().starts_with("```");
        let is_row = !in_code && line.starts_with('|');
        if !is_row && !rows.is_empty() {
            out.push(table(&rows, width));
            rows.clear();
        }
        let verbatim = in_code || fence || is_row || line.starts_with("    ");
        let item = line.starts_with("- ") || line.starts_with('#') || starts_with_number(line);
        if (verbatim || item || line.is_empty()) && !paragraph.is_empty() {
            out.push(fill(&paragraph, width));
            paragraph.clear();
        }
        if fence {
            in_code = !in_code;
        } else if is_row {
            rows.push(line);
        } else if verbatim {
            out.push(format!("    {}", harmless(line.trim_end())));
        } else if line.is_empty() {
            out.push(String::new());
        } else {
            paragraph.push(line.trim());
        }
    }
    out.join("\n").trim_end().to_owned()
}

/// A table of Markdown, in columns that fit into the window: the first row is the head.
fn table(rows: &[&str], width: usize) -> String {
    let cells = |row: &str| {
        let inner = row.trim().trim_matches('|');
        let cells = inner.split('|').map(|cell| harmless(cell.trim()));
        cells.collect::<Vec<_>>()
    };
    let is_rule = |row: &&&str| row.chars().all(|c| "|-: ".contains(c));
    let mut rows = rows
        .iter()
        .filter(|row| !is_rule(row))
        .map(|row| cells(row));
    let rule = LineStyle::none().fill('-').junction('-');
    let mut table = Table::new();
    table
        .load_style(TableStyle::new().header_separator(rule))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(rows.next().unwrap_or_default())
        .add_rows(rows);
    table.trim_fmt()
}

fn starts_with_number(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < line.len() && digits.starts_with(". ")
}

fn fill(lines: &[&str], width: usize) -> String {
    let text = harmless(&lines.join(" "));
    if let Some(title) = text.strip_prefix('#') {
        return paint(HEAD, title.trim_start_matches('#').trim());
    }
    let indent = if text.starts_with("- ") { "  " } else { "" };
    wrap(&text, width, "", indent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_moves_the_cursor() {
        assert_eq!(
            harmless("a\u{1b}[2Jb\r\u{202e}c\u{9b}"),
            "a\\u{1b}[2Jb\\r\\u{202e}c\\u{9b}"
        );
        assert_eq!(harmless("one\r\n\ttwo \"é\" 漢"), "one\n    two \"é\" 漢");
        for octet in 0..=255_u8 {
            let text = octets_as_text(&[octet]);
            assert!(
                text.chars().all(|c| c.is_ascii_graphic() || c == ' '),
                "{text:?}"
            );
        }
        assert_eq!(octets_as_text("é\n".as_bytes()), "é\\n");
        assert_eq!(octets_as_text(b"caf\xc3"), "caf\\xc3");
        assert_eq!(octets_as_text("\u{202e}".as_bytes()), "\\u{202e}");
    }

    #[test]
    fn lines_are_no_wider_than_the_window() {
        let text = "One read is not one message: 漢字 count twice. `a_long_name_without_any_break`";
        for width in [20, 30, 50] {
            let wrapped = wrap(text, width, "  ", "    ");
            for line in wrapped.lines() {
                let one_word = line.split_whitespace().count() == 1;
                assert!(columns(line) <= width || one_word, "{line:?}");
            }
            let endless = wrap(&"x".repeat(500), width, "", "");
            assert!(endless.lines().all(|line| columns(line) <= width));
        }
        assert_eq!(wrap("a b\n  c", 20, "- ", "  "), "- a b\n    c");
    }

    #[test]
    fn a_command_stays_in_one_line() {
        let text = "one two three `cargo xtask exercise list` shows `a b` all";
        assert_eq!(
            wrap(text, 30, "", ""),
            "one two three\n`cargo xtask exercise list`\nshows `a b` all"
        );
        // Where there is no room, it breaks.
        assert!(
            wrap(text, 20, "", "")
                .lines()
                .all(|line| columns(line) <= 20)
        );
    }

    #[test]
    fn markdown_keeps_code_and_fills_paragraphs() {
        let text = "One\ntwo.\n\n- a\n- b\n\n```rust\nlet  x;\n| y |\n```\n\n1. x";
        assert_eq!(
            markdown(text, 40),
            "One two.\n\n- a\n- b\n\n    let  x;\n    | y |\n\n1. x"
        );
    }

    #[test]
    fn tables_have_columns_that_fit_into_the_window() {
        let text = "It returns:\n| the store | `deliver` returns |\n|---|---|\n| says `ok` | `Ok(())` |\n\
                    | ends the connection | an error: nobody knows whether it has it |\n\n\
                    Next \u{1b}[2J.";
        insta::assert_snapshot!(markdown(text, 44), @r"
        It returns:
         the store             `deliver` returns
        --------------------------------------------
         says `ok`             `Ok(())`
         ends the connection   an error: nobody
                               knows whether it has
                               it

        Next \u{1b}[2J.
        ");
        for width in [20, 30, 60] {
            let told = markdown(text, width);
            assert!(told.lines().all(|line| columns(line) <= width), "{told}");
        }
        let hostile = markdown("| \u{1b}[2J | \u{202e} |\n|---|---|", 40);
        assert!(!hostile.contains(['\u{1b}', '\u{202e}']), "{hostile}");
        assert_eq!(markdown("a\n\n|\n", 40), "a");
    }
}
