//! The terminal: one prompt, and no character of a stranger's that could command it.

use crate::error::ChatError;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is printed when the program is ready for a line.
pub const PROMPT: &str = ">>> ";

// ANCHOR: harmless
/// Whether a terminal may be given this character as it is.
///
/// Control characters move the cursor, clear the screen, change the title, ring the
/// bell. The joiners U+200C and U+200D are invisible too, but stay: Persian and many
/// emoji need them.
pub fn is_harmless(c: char) -> bool {
    // Unicode Standard Annex #9: they change the order in which a line is read.
    let turns_text = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    let forges_a_line = matches!(c, '\u{2028}' | '\u{2029}');
    let is_invisible = matches!(
        c,
        '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    !(c.is_control() || turns_text || forges_a_line || is_invisible)
}

/// Makes every character visible that a terminal would obey: ESC becomes `\u{1b}`, a
/// newline `\n`.
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
/// each other, even when two threads write to it.
#[derive(Debug)]
pub struct Screen<W> {
    /// Whether somebody types here; a file or a pipe needs no prompt.
    prompts: bool,
    line: Mutex<Line<W>>,
}

#[derive(Debug)]
struct Line<W> {
    out: W,
    /// Whether somebody has been asked for a line and has not pressed Enter.
    asked: bool,
    /// Whether the prompt is the last thing written.
    at_prompt: bool,
    /// Whether the peer's text is the last thing written, and its line still open.
    open: bool,
}

impl<W: Write> Screen<W> {
    /// A screen on `out`; `prompts` says whether to print `>>> `.
    pub fn new(out: W, prompts: bool) -> Self {
        let line = Mutex::new(Line {
            out,
            asked: false,
            at_prompt: false,
            open: false,
        });
        Self { prompts, line }
    }

    /// Asks for a line.
    ///
    /// # Errors
    /// [`ChatError::Screen`]: the output cannot be written to.
    pub fn prompt(&self) -> Result<(), ChatError> {
        let mut line = self.lock();
        line.asked = true;
        line.prompt(self.prompts)
    }

    /// Prints the prompt again if a line is still being typed.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn prompt_again(&self) -> Result<(), ChatError> {
        let mut line = self.lock();
        if line.asked {
            line.prompt(self.prompts)?;
        }
        Ok(())
    }

    /// A line was typed at the prompt: the terminal's echo has ended it.
    pub fn line_was_typed(&self) {
        let mut line = self.lock();
        line.asked = false;
        line.at_prompt = false;
    }

    /// No line will be typed at the prompt any more.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn leave_prompt(&self) -> Result<(), ChatError> {
        let mut line = self.lock();
        line.asked = false;
        line.leave_prompt()
    }

    /// Shows a piece of the peer's text, made harmless. The line stays open for the next piece.
    ///
    /// A prompt that waits is left where it stands, with whatever has been typed behind it.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn text(&self, text: &str) -> Result<(), ChatError> {
        let mut line = self.lock();
        line.leave_prompt()?;
        line.open = true;
        line.write(&visible(text))
    }

    /// Ends the line that [`Self::text`] left open.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn end_line(&self) -> Result<(), ChatError> {
        self.lock().end()
    }

    /// Prints a remark of our own, in round brackets, on a line by itself.
    ///
    /// # Errors
    /// As [`Self::prompt`].
    pub fn note(&self, note: &str) -> Result<(), ChatError> {
        let mut line = self.lock();
        line.leave_prompt()?;
        line.end()?;
        line.write(&format!("({note})\n"))
    }

    fn lock(&self) -> MutexGuard<'_, Line<W>> {
        // A thread that panicked while it wrote leaves a line half written, and nothing worse.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<W: Write> Line<W> {
    fn prompt(&mut self, visible: bool) -> Result<(), ChatError> {
        if visible && !self.at_prompt {
            self.at_prompt = true;
            self.write(PROMPT)?;
        }
        Ok(())
    }

    fn leave_prompt(&mut self) -> Result<(), ChatError> {
        if self.at_prompt {
            self.at_prompt = false;
            self.write("\n")?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), ChatError> {
        if self.open {
            self.open = false;
            self.write("\n")?;
        }
        Ok(())
    }

    fn write(&mut self, text: &str) -> Result<(), ChatError> {
        self.out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush())
            .map_err(ChatError::Screen)
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
    fn nothing_invisible_hides_between_letters() {
        for c in [
            '\u{ad}',
            '\u{200b}',
            '\u{2028}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{206a}',
            '\u{3164}',
            '\u{feff}',
            '\u{fff9}',
            '\u{e0041}',
        ] {
            assert_eq!(
                visible(&format!("a{c}b")),
                format!("a\\u{{{:x}}}b", u32::from(c))
            );
        }
    }

    #[test]
    fn letters_of_every_script_stay() {
        let text = "héllo 你好 שלום می\u{200c}خواهم 👋🏽 👩\u{200d}💻 e\u{301}";
        assert_eq!(visible(text), text);
    }

    #[test]
    fn late_text_leaves_the_prompt_alone() {
        let mut out = Vec::new();
        let screen = Screen::new(&mut out, true);
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
        let screen = Screen::new(&mut out, false);
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
