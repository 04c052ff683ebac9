//! `gate`: the exercises. How long a run of the gate takes, and a student's wait from save to verdict.

use anyhow::{Context as _, Result};
use measured::figure::Unit;
use measured::report::Group;

use crate::context::Context;
use crate::machine::said;
use crate::turns::Turns;

const RUN: &str = "a run";
const CARGO: &str = "`cargo test` of an empty crate";

/// One exercise of each lesson, unless there is time for all.
const SOME: [&str; 5] = [
    "how-long-is-it",
    "octet-to-bits",
    "read-a-piece",
    "sun-path",
    "shout-each-line",
];

/// The profile is that of `cargo xtask exercise`, because this is what a student types.
pub(super) fn run(context: &Context) -> Result<Vec<Group>> {
    context.build(&["build", "--quiet", "--package", "exercises"])?;
    let program = context.target()?.join("debug/exercises");
    let exercises = |arguments: &[&str]| {
        let mut command = std::process::Command::new(&program);
        let command = command.current_dir(context.root()).args(arguments);
        said(command.env("COLUMNS", "200"))
    };
    let names: &[&str] = context.choose(&SOME, &[]);
    let title = format!(
        "The gate, {}",
        context.choose("an exercise of each lesson", "all exercises")
    );
    let mut turns = Turns::new(title, Unit::Seconds, context.choose(2, 5));
    turns.ours(RUN, || {
        let text = exercises(&[&["gate"], names].concat())?;
        number_before(&text, " s a run").with_context(|| format!("the gate says {text}"))
    });
    turns.limit(RUN, 0.3);
    let gate = turns.take()?;

    let text = exercises(&["pace", "--saves", context.choose("7", "30")])?;
    let mut turns = Turns::new("From save to verdict", Unit::Seconds, 3);
    for line in text.lines() {
        let Some((who, figures)) = figures(line) else {
            continue;
        };
        // It has measured already, and tells median, least and greatest value: three values with the
        // same median and the same spread.
        let mut figures = figures.into_iter().cycle();
        let measure = move || figures.next().context("it was measured");
        if who == CARGO {
            turns.peer(who, measure);
        } else {
            turns.ours(who, measure);
            turns.limit(who, 1.5);
        }
    }
    Ok(vec![gate, turns.take()?])
}

/// The number before these words.
fn number_before(text: &str, words: &str) -> Option<f64> {
    let (before, _) = text.split_once(words)?;
    before.rsplit(' ').next()?.parse().ok()
}

/// A line of `pace`: `octet-to-bits, solution  0.25 (0.20 to 0.90)  0.50 times the first`.
fn figures(line: &str) -> Option<(&str, [f64; 3])> {
    let (who, rest) = line.split_once("  ")?;
    let (figures, _) = rest.trim_start().split_once(')')?;
    let mut words = figures.split([' ', '(']).filter(|word| !word.is_empty());
    let mut number = || words.find(|word| *word != "to")?.parse().ok();
    Some((who.trim(), [number()?, number()?, number()?]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_says_is_read() {
        let said = "12.0 s: 2.00 s an exercise, 0.21 s a run (57 runs); the slowest …";
        assert_eq!(number_before(said, " s a run"), Some(0.21));
        let line = "`cargo test` of an empty crate    0.50 (0.40 to 0.60)  1.00 times the first";
        assert_eq!(figures(line), Some((CARGO, [0.5, 0.4, 0.6])));
        assert_eq!(
            figures("Seconds, median (shortest to longest), 7 saves."),
            None
        );
    }
}
