//! Slots: places in a scene's command that the reader of the page may fill.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use crate::pattern::is_value_name;
use crate::program;
use crate::scene::Scene;

/// Longest value, in characters.
const LONGEST: usize = 200;

/// A slot: `{name}` in a command stands for the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// What fills it: in a scene file, the default.
    pub value: String,
}

/// Judges what somebody wants to put into a slot. The value becomes one argument of a program and is
/// never read by a shell, so it may say nearly anything; the program judges the rest.
///
/// # Errors
/// When it is empty or too long, holds a control character, or would be taken for an option.
pub fn check(value: &str) -> Result<()> {
    let length = value.chars().count();
    if value.is_empty() {
        bail!("write something into the field");
    }
    if length > LONGEST {
        bail!("a value has at most {LONGEST} characters, this one has {length}");
    }
    if value.chars().any(char::is_control) {
        bail!("a value has no control characters, such as a line break or a tab");
    }
    if value.starts_with('-') {
        bail!("a value does not begin with `-`: the program would take it for an option");
    }
    Ok(())
}

impl Scene {
    /// What a `slot` line says.
    pub(crate) fn slot(&self, rest: &str) -> Result<Slot> {
        let (name, value) = rest
            .split_once(' ')
            .filter(|(name, _)| is_value_name(name))
            .context("expected a slot's name (a-z, 0-9, -) and its value")?;
        if name == "dir" || self.slots.iter().any(|slot| slot.name == name) {
            bail!("expected each slot once, and none called `dir`, found `{name}`");
        }
        let value = value.trim();
        check(value).context("expected a value that the page would take")?;
        Ok(Slot {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }

    /// A command of the scene as it would be typed, with the slots filled.
    pub fn shown(&self, command: &str) -> String {
        program::shown(command, &self.slots)
    }

    /// The scene with other values in its slots, and whether they are its own.
    ///
    /// # Errors
    /// When there is no such slot, or no program may be given the value: a sentence for the reader.
    pub fn with_values(&self, values: &BTreeMap<String, String>) -> Result<(Self, bool)> {
        let mut scene = self.clone();
        for (name, value) in values {
            let slot = scene.slots.iter_mut().find(|slot| slot.name == *name);
            let slot = slot.context("this scene has no such field")?;
            check(value)?;
            slot.value.clone_from(value);
        }
        let own = scene.slots == self.slots;
        Ok((scene, own))
    }
}

/// The text with each `{name}` of a slot replaced by what `write` makes of its value. What was put in
/// is not looked at again.
pub fn fill(text: &str, slots: &[Slot], write: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let named = after.split_once('}').and_then(|(name, after)| {
            let slot = slots.iter().find(|slot| slot.name == name)?;
            Some((slot, after))
        });
        rest = if let Some((slot, after)) = named {
            out.push_str(&write(&slot.value));
            after
        } else {
            out.push('{');
            after
        };
    }
    out + rest
}

/// Whether `{name}` stands within quotation marks somewhere in the command.
pub(crate) fn in_quotes(command: &str, name: &str) -> bool {
    let place = format!("{{{name}}}");
    command.match_indices(&place).any(|(at, _)| {
        let before = &command[..at];
        ["'", "\""]
            .iter()
            .any(|sign| before.matches(sign).count() % 2 == 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_in_once_and_not_looked_at_again() {
        let slots = [("a", "{b}"), ("b", "{a}")].map(|(name, value)| Slot {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        let filled = fill("{a} {b} {c} {", &slots, str::to_owned);
        assert_eq!(filled, "{b} {a} {c} {");
        assert!(in_quotes("x 'y {b}'", "b") && !in_quotes("'x' {b} 'y'", "b"));
    }

    #[test]
    fn what_is_no_argument_is_refused_with_a_sentence() {
        for (value, sentence) in [
            ("", "write something"),
            ("-v", "does not begin with `-`"),
            ("--help", "does not begin with `-`"),
            ("a\0b", "no control characters"),
            ("a\nb", "no control characters"),
            ("\u{9b}2J", "no control characters"),
            (&"x".repeat(201), "at most 200 characters, this one has 201"),
            (&"x".repeat(100_000), "this one has 100000"),
        ] {
            let error = check(value).unwrap_err().to_string();
            assert!(error.contains(sentence), "{error}");
        }
        for value in [
            "1.2.3.4",
            "a b",
            "$(rm -r x)",
            "'; rm",
            "—",
            &"é".repeat(200),
        ] {
            check(value).unwrap();
        }
    }
}
