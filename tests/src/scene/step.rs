//! One step of a scene.

use anyhow::{Context, Result, bail};

use crate::pattern::Pattern;

/// One step: a terminal, and what happens there.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The terminal's name.
    pub terminal: String,
    /// What happens.
    pub action: Action,
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Action {
    /// `$`: start a program.
    Start(String),
    /// `>` and `>>`: type a line and press Enter.
    Type {
        /// The line.
        text: String,
        /// Whether to wait for the prompt first.
        at_prompt: bool,
    },
    /// `?`: wait for output.
    See(Pattern),
    /// `!`: press a key, or send a signal.
    Press(Key),
    /// `=`: wait for the end, with this exit code.
    End(i32),
}

/// What `!` can do to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Ctrl-C: the terminal sends SIGINT.
    CtrlC,
    /// Ctrl-D at the start of a line: end of input.
    CtrlD,
    /// The window is closed: SIGHUP.
    Close,
    /// SIGKILL: the program has no chance to clean up.
    Kill,
    /// SIGTERM.
    Terminate,
}

/// Reads a step from its sign on; `None` where the sign is not one.
pub(super) fn parse_action(sign: &str, argument: &str) -> Result<Option<Action>> {
    let nothing = |what: &str| format!("expected {what} after `{sign}`");
    Ok(Some(match sign {
        "$" if argument.trim().is_empty() => bail!(nothing("a command")),
        "$" => Action::Start(argument.trim().to_owned()),
        ">" | ">>" => Action::Type {
            text: repeat(argument)?,
            at_prompt: sign == ">",
        },
        "?" if argument.trim().is_empty() => bail!(nothing("what the terminal will show")),
        "?" => Action::See(Pattern::parse(argument)?),
        "!" => Action::Press(match argument.trim() {
            "ctrl-c" => Key::CtrlC,
            "ctrl-d" => Key::CtrlD,
            "close" => Key::Close,
            "kill" => Key::Kill,
            "terminate" => Key::Terminate,
            _ => bail!(nothing("ctrl-c, ctrl-d, close, kill or terminate")),
        }),
        "=" => Action::End(
            argument
                .trim()
                .parse::<u8>()
                .with_context(|| nothing("an exit code from 0 to 255"))?
                .into(),
        ),
        _ => return Ok(None),
    }))
}

/// How often a text may be repeated: no terminal takes a line as long as that.
const MOST: usize = 100_000;

/// Writes `{ab*3}` out as `ababab`.
fn repeat(text: &str) -> Result<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (inside, after) = after.split_once('}').context("expected `}` after `{`")?;
        match inside.rsplit_once('*') {
            Some((part, times)) => {
                let times = times
                    .parse()
                    .ok()
                    .filter(|times| *times <= MOST)
                    .with_context(|| {
                        format!("expected `{{text*number}}`, with at most {MOST} times")
                    })?;
                out.push_str(&part.repeat(times));
            }
            // A captured value: the player fills it in.
            None => out.extend(["{", inside, "}"]),
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Whether the word can name a terminal.
pub(super) fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
