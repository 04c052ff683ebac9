//! A terminal's screen as lines of text, from the octets that a program wrote to it.

use std::num::NonZeroU16;

use vt100::Color;

/// Long enough for any scene; short enough that nobody would read more.
const ROWS: NonZeroU16 = NonZeroU16::new(400).expect("not 0");
/// The width that most terminals start with.
const COLUMNS: NonZeroU16 = NonZeroU16::new(80).expect("not 0");

/// What a program has written so far, as a person would see it.
pub struct Screen {
    parser: vt100::Parser,
    /// The first octets of a character whose last ones have not come.
    begun: Vec<u8>,
}

/// One line as the program wrote it: a line that the terminal had to wrap is still one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScreenLine {
    /// Its characters.
    pub text: String,
    /// The SGR parameters of each character of `text`, in order.
    pub styles: Vec<String>,
}

impl Screen {
    /// An empty screen.
    pub fn new() -> Self {
        Self {
            parser: vt100::Parser::new(ROWS, COLUMNS, 1),
            begun: Vec::new(),
        }
    }

    /// Rows and columns.
    pub fn size() -> (u16, u16) {
        (ROWS.get(), COLUMNS.get())
    }

    /// Shows what the program wrote.
    pub fn write(&mut self, octets: &[u8]) {
        // No character is handed on in pieces: the parser behind it (vte 0.15) loses an ASCII character
        // between two others of which both were cut.
        self.begun.extend_from_slice(octets);
        let whole = self.begun.len() - incomplete(&self.begun);
        self.parser.process(&self.begun[..whole]);
        self.begun.drain(..whole);
    }

    /// Whether more was written than fits: then the first lines are gone.
    pub fn overflowed(&self) -> bool {
        self.parser.screen().scrollback_len() > 0
    }

    /// The lines down to the one with the cursor, which is the last and may be empty.
    pub fn lines(&self) -> Vec<ScreenLine> {
        let screen = self.parser.screen();
        let mut lines = vec![ScreenLine::default()];
        for row in 0..=screen.cursor_position().0 {
            let Some(line) = lines.last_mut() else { break };
            // A tab jumps over cells without writing to them: they look like spaces.
            let mut jumped = 0;
            for column in 0..COLUMNS.get() {
                let Some(cell) = screen.cell(row, column) else {
                    break;
                };
                if cell.has_contents() {
                    line.text.extend(std::iter::repeat_n(' ', jumped));
                    line.styles
                        .extend(std::iter::repeat_n(String::new(), jumped));
                    jumped = 0;
                    for ch in cell.contents().chars() {
                        line.text.push(ch);
                        line.styles.push(sgr(cell));
                    }
                } else if !cell.is_wide_continuation() {
                    jumped += 1;
                }
            }
            if !screen.row_wrapped(row) && row < screen.cursor_position().0 {
                lines.push(ScreenLine::default());
            }
        }
        lines
    }
}

impl Default for Screen {
    fn default() -> Self {
        Self::new()
    }
}

/// How many octets at the end are the beginning of a character (RFC 3629 §3).
fn incomplete(octets: &[u8]) -> usize {
    let is_begun = |length: &usize| {
        let last = octets.len().checked_sub(*length).map(|at| &octets[at..]);
        let error = last.and_then(|last| std::str::from_utf8(last).err());
        error.is_some_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    (1..=3).find(is_begun).unwrap_or(0)
}

/// The SGR parameters that make a cell look as it does.
fn sgr(cell: &vt100::Cell) -> String {
    let mut codes: Vec<String> = Vec::new();
    for (on, code) in [
        (cell.bold(), "1"),
        (cell.dim(), "2"),
        (cell.italic(), "3"),
        (cell.underline(), "4"),
        (cell.inverse(), "7"),
    ] {
        if on {
            codes.push(code.to_owned());
        }
    }
    for (color, base, bright, extended) in [
        (cell.fgcolor(), 30, 82, "38"),
        (cell.bgcolor(), 40, 92, "48"),
    ] {
        match color {
            Color::Default => {}
            Color::Idx(index @ 0..=7) => codes.push((base + u16::from(index)).to_string()),
            Color::Idx(index @ 8..=15) => codes.push((bright + u16::from(index)).to_string()),
            Color::Idx(index) => codes.push(format!("{extended};5;{index}")),
            Color::Rgb(r, g, b) => codes.push(format!("{extended};2;{r};{g};{b}")),
        }
    }
    codes.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_comes_in_pieces_costs_no_other_one() {
        let text = "5 µs é 网a络";
        for most in 1..text.len() {
            let mut screen = Screen::new();
            for piece in text.as_bytes().chunks(most) {
                screen.write(piece);
            }
            assert_eq!(screen.lines()[0].text, text, "in pieces of {most}");
        }
    }

    fn shown(octets: &[u8]) -> Vec<String> {
        let mut screen = Screen::new();
        screen.write(octets);
        screen.lines().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn lines_end_where_the_program_ended_them() {
        assert_eq!(shown(b""), [""]);
        assert_eq!(shown(b"one\r\n\r\n>>> "), ["one", "", ">>> "]);
        let long = "x".repeat(200);
        assert_eq!(
            shown(format!("{long}\r\nend").as_bytes()),
            [long.as_str(), "end"]
        );
        assert_eq!(shown("你好\r\n".as_bytes()), ["你好", ""]);
    }

    #[test]
    fn a_tab_is_as_wide_as_it_looks() {
        assert_eq!(shown(b"a\tb\r\n"), ["a       b", ""]);
        assert_eq!(shown("你\tb".as_bytes()), ["你      b"]);
    }

    #[test]
    fn a_redrawn_line_is_shown_as_redrawn() {
        assert_eq!(
            shown(b">>> hal\r\x1b[Khello\r\n>>> hal"),
            ["hello", ">>> hal"]
        );
    }

    #[test]
    fn colours_are_kept() {
        let mut screen = Screen::new();
        screen.write(b"a\x1b[1;32mb\x1b[0m\x1b[96mc\x1b[0m");
        assert_eq!(screen.lines()[0].styles, ["", "1;32", "96"]);
    }

    #[test]
    fn too_much_output_is_noticed() {
        let mut screen = Screen::new();
        screen.write("line\r\n".repeat(usize::from(ROWS.get()) + 1).as_bytes());
        assert!(screen.overflowed());
    }
}
