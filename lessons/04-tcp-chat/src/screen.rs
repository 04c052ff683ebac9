//! The terminal: one prompt, and no character of a stranger's that could command it.

use crate::error::ChatError;
use std::io::Write;

/// What is printed when the program is ready for a line.
pub const PROMPT: &str = ">>> ";

// ANCHOR: harmless
/// Whether a terminal may be given this character as it is.
///
/// Control characters move the cursor, clear the screen, change the title, ring the bell. The
/// bidirectional controls (Unicode Standard Annex #9) change the order in which a line is read. Line
/// and paragraph separators and tag characters are invisible or forge new lines.
pub fn is_harmless(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        ))
}

/// Makes every character visible that a terminal would obey: ESC becomes `\u{1b}`, a newline `\n`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmless(c) {
            shown.push(c);
        } else {
            shown.extend(c.escape_default());
        }
    }
    shown
}
// ANCHOR_END: harmless

/// A terminal (or any output) on which the peer's text, the prompt and our notes do not run into
/// each other.
#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    /// Whether somebody types here; a file or a pipe needs no prompt.
    prompts: bool,
    /// Whether the prompt is the last thing written.
    at_prompt: bool,
    /// Whether the last line written is still open.
    line_open: bool,
}

impl<W: Write> Screen<W> {
    /// A screen on `out`; `prompts` says whether to print `>>> `.
    pub fn new(out: W, prompts: bool) -> Self {
        Self {
            out,
            prompts,
            at_prompt: false,
            line_open: false,
        }
    }

    /// Prints the prompt.
    ///
    /// # Errors
    /// [`ChatError::Screen`]: the output cannot be written to.
    pub fn prompt(&mut self) -> Result<(), ChatError> {
        if self.prompts {
            self.write(PROMPT)?;
            self.at_prompt = true;
        }
        self.flush()
    }

    /// A line was typed at the prompt: the terminal's echo has ended it.
    pub fn line_was_typed(&mut self) {
        self.at_prompt = false;
    }

    /// Shows a piece of the peer's text, made harmless. The line stays open for the next piece.
    ///
    /// A prompt that waits is left where it stands, with whatever has been typed behind it.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn text(&mut self, text: &str) -> Result<(), ChatError> {
        self.leave_prompt()?;
        self.write(&visible(text))?;
        self.line_open = true;
        self.flush()
    }

    /// Ends the line that [`Self::text`] left open.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn end_line(&mut self) -> Result<(), ChatError> {
        if self.line_open {
            self.line_open = false;
            self.write("\n")?;
        }
        self.flush()
    }

    /// Prints a remark of our own, in round brackets, on a line by itself.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn note(&mut self, note: &str) -> Result<(), ChatError> {
        self.leave_prompt()?;
        self.end_line()?;
        self.write(&format!("({note})\n"))?;
        self.flush()
    }

    /// Ends the prompt's line, if the prompt is the last thing written.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn leave_prompt(&mut self) -> Result<(), ChatError> {
        if self.at_prompt {
            self.at_prompt = false;
            self.write("\n")?;
        }
        self.flush()
    }

    fn write(&mut self, text: &str) -> Result<(), ChatError> {
        self.out
            .write_all(text.as_bytes())
            .map_err(ChatError::Screen)
    }

    fn flush(&mut self) -> Result<(), ChatError> {
        self.out.flush().map_err(ChatError::Screen)
    }
}

#[cfg(test)]
mod tests {
    use super::{Screen, is_harmless, visible};
    use proptest::prelude::*;

    #[test]
    fn escapes_become_visible() {
        assert_eq!(visible("\u{1b}[2Jhi\u{7}"), "\\u{1b}[2Jhi\\u{7}");
        assert_eq!(visible("a\r\nb"), "a\\r\\nb");
        assert_eq!(visible("\u{9b}31m"), "\\u{9b}31m");
    }

    #[test]
    fn text_cannot_be_turned_round() {
        assert_eq!(visible("abc\u{202e}fed"), "abc\\u{202e}fed");
    }

    #[test]
    fn letters_of_every_script_stay() {
        let text = "héllo 你好 שלום 👋🏽 e\u{301}";
        assert_eq!(visible(text), text);
    }

    #[test]
    fn late_text_leaves_the_prompt_alone() {
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out, true);
        screen.prompt().unwrap();
        screen.text("he").unwrap();
        screen.text("llo").unwrap();
        screen.end_line().unwrap();
        screen.prompt().unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), ">>> \nhello\n>>> ");
    }

    #[test]
    fn a_pipe_gets_no_prompt() {
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out, false);
        screen.prompt().unwrap();
        screen.note("over").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "(over)\n");
    }

    proptest! {
        #[test]
        fn nothing_that_is_shown_commands_the_terminal(text in any::<String>()) {
            prop_assert!(visible(&text).chars().all(is_harmless));
        }
    }
}
