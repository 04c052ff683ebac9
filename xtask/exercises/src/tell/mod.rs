//! The verdict, as text.

use std::fmt::Write as _;

use kit::Compared;
use kit::report::Step;

use crate::catalog::Exercise;
use crate::play::{Outcome, Run};

/// The verdict on a run: for a failure the story, the step that did not come true, who waits for whom,
/// the misconception, and where to read on.
pub fn verdict(exercise: &Exercise, run: &Run) -> String {
    let mut text = String::new();
    for check in &run.checks {
        let mark = match check.outcome {
            Outcome::Passed => "passed ",
            Outcome::Failed(_) => "FAILED ",
            Outcome::Skipped => "not run",
            Outcome::Unfinished => "ended  ",
        };
        let _ = writeln!(text, "  {mark}  {}", check.name);
    }
    if run.passed() {
        let _ = writeln!(text, "\n{}: passed.", exercise.task.title);
        return text;
    }
    let failed = run
        .checks
        .iter()
        .find(|check| !matches!(check.outcome, Outcome::Passed));
    if let Some(check) = failed {
        let _ = writeln!(text, "\n{}: what happened\n", check.name);
        for step in &check.steps {
            let _ = writeln!(text, "{}", story(step));
        }
        if let Outcome::Failed(failure) = &check.outcome {
            let _ = writeln!(text, "\nThis did not come true: {}", failure.unmet);
            match &failure.compared {
                Some(Compared::Values { expected, got }) => {
                    let _ = writeln!(text, "  expected  {expected}\n  got       {got}");
                }
                Some(Compared::Octets { expected, got }) => {
                    let at = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
                    let _ = writeln!(
                        text,
                        "  expected  \"{}\"\n  got       \"{}\"\n  they differ at octet {at} (counted from 0)",
                        expected.escape_ascii(),
                        got.escape_ascii()
                    );
                }
                None => {}
            }
            for (who, state) in &failure.waiting {
                let _ = writeln!(text, "  {who} {state}");
            }
            if let Some(panic) = &failure.panic {
                let _ = writeln!(
                    text,
                    "  {} panicked at {}: {}",
                    panic.who, panic.place, panic.message
                );
            }
        } else {
            let _ = writeln!(text, "\nThe program ended here: {:?}", run.status);
        }
    }
    if !run.output.is_empty() {
        let _ = writeln!(text, "\nYour code printed:\n{}", run.output);
    }
    if let Some(found) = exercise.known.recognise(&run.signature()) {
        let often = if found.certain { "" } else { "Perhaps: " };
        let _ = writeln!(
            text,
            "\n{often}{}\n{}",
            found.mistake.title, found.mistake.hint
        );
    }
    let _ = writeln!(text, "\nRead on: book/src/{}", exercise.task.read);
    text
}

fn story(step: &Step) -> String {
    let mut line = format!("{:3}. {} {}", step.index + 1, step.who, step.what);
    if step.times > 1 {
        let _ = write!(line, " ({} times)", step.times);
    }
    if !step.octets.is_empty() {
        let _ = write!(line, "\n       \"{}\"\n      ", step.octets.escape_ascii());
        for octet in &step.octets {
            let _ = write!(line, " {octet:02x}");
        }
        if step.total > step.octets.len() as u64 {
            line.push_str(" …");
        }
    }
    line
}
