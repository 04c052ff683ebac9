//! The verdict, as text: the story, the step that did not come true, who waits for whom, the
//! misconception, and where to read on.

use std::fs;
use std::path::Path;

use kit::Kind;

use crate::catalog::Exercise;
use crate::play::{CheckRun, Outcome, Run};
use crate::text::{ASIDE, BAD, GOOD, HEAD, HELP, harmless, markdown, paint, wrap};

mod compare;
mod ending;
pub mod refused;
mod story;

/// What the verdict is told with.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The root of the course: the book stands there.
    pub root: &'a Path,
    /// The answer that was run.
    pub answer: &'a str,
    /// The columns of the terminal.
    pub width: usize,
}

/// So many lines of what the student's code printed are shown.
const PRINTED: usize = 20;

/// The verdict on a run. It may contain colours: print it with `anstream`.
pub fn verdict(exercise: &Exercise, run: &Run, view: View) -> String {
    let mut parts = vec![marks(run, view.width)];
    let failed = run
        .checks
        .iter()
        .find(|check| !matches!(check.outcome, Outcome::Passed));
    if run.passed() {
        parts.extend(printed(&run.output, view.width));
        let passed = format!("{}: passed.", harmless(&exercise.task.title));
        parts.push(paint(GOOD, &wrap(&passed, view.width, "", "")));
        return parts.join("\n\n") + "\n";
    }
    if let Some(check) = failed {
        parts.push(what_happened(check, view));
    }
    // Skipped checks follow one that failed; a program may end between two, or after the last.
    if !matches!(failed.map(|check| &check.outcome), Some(Outcome::Failed(_))) {
        parts.push(ending::ended(run, view.width));
    }
    parts.extend(stopped(run, failed, view.width));
    parts.extend(printed(&run.output, view.width));
    if let Some(found) = exercise.known.recognise(&run.signature()) {
        // The title is what is believed, and wrong: nobody may take it for what he is told.
        let begins = if found.certain {
            "A known mistake is to believe:"
        } else {
            "Perhaps the mistake is to believe:"
        };
        let title = format!("{begins} \"{}\"", harmless(&found.mistake.title));
        parts.push(format!(
            "{}\n{}",
            paint(HELP, &wrap(&title, view.width, "", "")),
            markdown(&found.mistake.hint, view.width)
        ));
    }
    parts.push(read_on(&exercise.task.read, view));
    parts.join("\n\n") + "\n"
}

/// Each check with its outcome.
fn marks(run: &Run, width: usize) -> String {
    let mut lines: Vec<String> = run
        .checks
        .iter()
        .map(|check| {
            let (style, mark) = match check.outcome {
                Outcome::Passed => (GOOD, "passed "),
                Outcome::Failed(_) => (BAD, "FAILED "),
                Outcome::Skipped => (ASIDE, "not run"),
                Outcome::Unfinished => (BAD, "ended  "),
            };
            let name = wrap(&harmless(&check.name), width, "           ", "           ");
            format!("  {}  {}", paint(style, mark), name.trim_start())
        })
        .collect();
    let left = run.planned.unwrap_or(0).saturating_sub(run.checks.len());
    if left > 0 {
        let more = crate::text::count(left as u64, "more check");
        lines.push(format!("  {}  {more}", paint(ASIDE, "not run")));
    }
    lines.join("\n")
}

/// The check that took all the time that there was, if it is not the one that is told.
fn stopped(run: &Run, told: Option<&CheckRun>, width: usize) -> Option<String> {
    let stopped = run.checks.iter().find(|check| match &check.outcome {
        Outcome::Failed(failure) => matches!(failure.kind, Kind::Deadline | Kind::Spin),
        _ => false,
    })?;
    if told.is_some_and(|told| told.name == stopped.name) {
        return None;
    }
    let line = format!(
        "In \"{}\" your code did not come to an end. So what follows there was not run.",
        harmless(&stopped.name)
    );
    Some(paint(BAD, &wrap(&line, width, "", "")))
}

/// The story of a check that is not passed, and how it ended.
fn what_happened(check: &CheckRun, view: View) -> String {
    let heading = format!("What happened in \"{}\"", harmless(&check.name));
    let mut parts = vec![format!(
        "{}\n{}",
        paint(HEAD, &wrap(&heading, view.width, "", "")),
        if check.steps.is_empty() {
            "  Nothing on the network, and no result.".to_owned()
        } else {
            story::tell(&check.steps, view.width)
        }
    )];
    let Outcome::Failed(failure) = &check.outcome else {
        return parts.join("\n\n");
    };
    let unmet = wrap(&harmless(&failure.unmet), view.width, "  ", "  ");
    let mut unmet = format!("{}\n{unmet}", paint(BAD, "This did not come true"));
    if let Some(compared) = &failure.compared {
        unmet += "\n\n";
        unmet += &compare::tell(compared, failure.kind, view.width);
    }
    parts.push(unmet);
    if let Some(panic) = &failure.panic {
        parts.push(ending::panic(panic, view.answer, view.width));
    }
    parts.extend(ending::waiting(failure, view.width));
    parts.join("\n\n")
}

/// The beginning of what the student's code printed.
fn printed(output: &str, width: usize) -> Option<String> {
    if output.trim().is_empty() {
        return None;
    }
    let output = harmless(output.trim_end());
    let mut lines = vec![paint(HEAD, "Your code printed")];
    let mut all = output.lines();
    for line in all.by_ref().take(PRINTED) {
        let cut: String = line.chars().take(4 * width).collect();
        lines.push(wrap(&cut, width, "  ", "  "));
    }
    let left = all.count();
    if left > 0 {
        let more = crate::text::count(left as u64, "more line");
        lines.push(paint(ASIDE, &format!("  … {more}")));
    }
    Some(lines.join("\n"))
}

/// Where the book tells more: `04-tcp-chat.md#how-it-works` by its heading.
fn read_on(read: &str, view: View) -> String {
    let (file, anchor) = read.split_once('#').unwrap_or((read, ""));
    let chapter = fs::read_to_string(view.root.join("book/src").join(file)).unwrap_or_default();
    let heading = chapter
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches('#').trim())
        .find(|title| slug(title) == anchor);
    let place = match heading {
        Some(title) => format!("\"{title}\" in book/src/{file}"),
        None => format!("book/src/{read}"),
    };
    let text = format!("Read on: {place} (`cargo xtask book serve` opens the book).");
    wrap(&harmless(&text), view.width, "", "  ")
}

/// A heading's anchor, as mdBook makes it.
fn slug(title: &str) -> String {
    title
        .chars()
        .filter_map(|c| match c {
            c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_ascii_lowercase()),
            c if c.is_whitespace() => Some('-'),
            _ => None,
        })
        .collect()
}
