//! A scene's command as something to start.

use std::path::Path;

use anyhow::{Context, Result, bail};
use portable_pty::CommandBuilder;

use crate::course;
use crate::slot::{self, Slot};

/// Tools that a scene may use beside the lessons' programs. All are in POSIX.
const TOOLS: [&str; 11] = [
    "cat", "ls", "rm", "mkdir", "printf", "ln", "touch", "chmod", "wc", "head", "cp",
];

/// Something to start: a program with its arguments, or `sh`. What fills a slot is one argument or a
/// part of one, whatever is in it: no shell reads it.
pub(super) fn build(command: &str, slots: &[Slot], bin: &Path) -> Result<CommandBuilder> {
    let mut words =
        shell_words::split(command).with_context(|| format!("cannot read `{command}`"))?;
    let shell = has_shell_sign(command);
    if !shell {
        for word in &mut words {
            *word = slot::fill(word, slots, str::to_owned);
        }
    }
    let program = words.first().context("expected a command")?;
    if let Some(arguments) = course::chore(&words) {
        let mut builder = CommandBuilder::new(course::program(bin));
        builder.args(arguments);
        return Ok(builder);
    }
    let lesson = program == "ip-demo" || program.starts_with("lesson-");
    if !lesson && !TOOLS.contains(&program.as_str()) {
        bail!(
            "expected one of the lessons' programs, `cargo xtask exercise` or {}, found `{program}`",
            TOOLS.join(", ")
        );
    }
    if shell {
        let mut builder = CommandBuilder::new("/bin/sh");
        builder.args(["-c", command]);
        return Ok(builder);
    }
    let file = bin.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if lesson && !file.exists() {
        bail!(
            "there is no program {}: is its package built?",
            file.display()
        );
    }
    let mut builder = if lesson {
        CommandBuilder::new(file)
    } else {
        CommandBuilder::new(program)
    };
    builder.args(&words[1..]);
    Ok(builder)
}

/// The command as it would be typed.
pub(crate) fn shown(command: &str, slots: &[Slot]) -> String {
    slot::fill(command, slots, |value| {
        shell_words::quote(value).into_owned()
    })
}

/// Whether a sign outside quotation marks asks for a shell.
pub(crate) fn has_shell_sign(command: &str) -> bool {
    let mut quote = None;
    command.chars().any(|ch| {
        match quote {
            Some(open) if ch == open => quote = None,
            None if ch == '\'' || ch == '"' => quote = Some(ch),
            _ => {}
        }
        quote.is_none() && "|<>;&".contains(ch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_signs_outside_quotes_ask_for_a_shell() {
        assert!(has_shell_sign("cat a | wc"));
        assert!(has_shell_sign("ip-demo < a"));
        assert!(!has_shell_sign("ip-demo 'a|b' \"<\""));
    }

    #[test]
    fn a_scene_cannot_start_just_anything() {
        let error = build("curl example.org", &[], Path::new("/nowhere"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("found `curl`"), "{error}");
        let error = build("lesson-99-none", &[], Path::new("/nowhere"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("is its package built?"), "{error}");
    }

    #[test]
    fn what_fills_a_slot_is_one_argument() {
        for value in ["a b", "a'|b", "$(x) `y`", "{dir}", "a\"; rm -r c"] {
            let slot = Slot {
                name: "x".to_owned(),
                value: value.to_owned(),
            };
            let slots = [slot];
            let builder = build("cat one --to={x}", &slots, Path::new("/nowhere")).unwrap();
            let argv: Vec<_> = builder.get_argv().iter().collect();
            assert_eq!(argv[1..], ["one", &format!("--to={value}")]);
            let typed = shell_words::split(&shown("cat {x}", &slots)).unwrap();
            assert_eq!(typed, ["cat", value]);
        }
    }
}
