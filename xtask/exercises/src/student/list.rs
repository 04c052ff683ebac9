//! `list`: the exercises by lesson, and how far the student is.

use anstream::println;
use anyhow::Result;

use super::Course;
use super::answer::{self, fingerprint, is_changed};
use super::progress::Progress;
use crate::catalog::Exercise;
use crate::text::{ASIDE, GOOD, HEAD, HELP, columns, harmless, paint, width};

/// The bar's length in columns.
const BAR: usize = 20;
/// In a window narrower than this the bar is half as long.
const NARROW: usize = 50;

/// Prints the list.
///
/// # Errors
/// Never; it is a command as the others are.
pub fn run(course: &Course) -> Result<()> {
    println!("{}", list(course, &course.store.read(), width()));
    Ok(())
}

/// The list, in lines of at most `width` columns.
pub fn list(course: &Course, progress: &Progress, width: usize) -> String {
    let next = course
        .current(progress)
        .map(|exercise| exercise.name.as_str());
    let longest = (course.exercises.iter())
        .map(|exercise| exercise.name.len())
        .max()
        .unwrap_or(0);
    let mut lines = Vec::new();
    for lesson in course.exercises.chunk_by(|a, b| a.lesson == b.lesson) {
        let passed = lesson
            .iter()
            .filter(|exercise| progress.passed(&exercise.name))
            .count();
        lines.push(format!(
            "{}  {}",
            paint(HEAD, &format!("{:16}", lesson[0].lesson)),
            bar(passed, lesson.len(), width)
        ));
        for exercise in lesson {
            let is_next = next == Some(exercise.name.as_str());
            lines.push(row(exercise, progress, is_next, longest, width));
        }
        lines.push(String::new());
    }
    let all = course.exercises.len();
    let passed = (course.exercises.iter())
        .filter(|exercise| progress.passed(&exercise.name))
        .count();
    lines.push(format!(
        "{}  {}",
        paint(HEAD, &format!("{:16}", "all")),
        bar(passed, all, width)
    ));
    if next.is_some() {
        let marks = "`>` marks what is next: `cargo xtask exercise next` shows its task.";
        lines.push(format!("\n{}", crate::text::wrap(marks, width, "", "")));
    }
    lines.join("\n")
}

fn bar(passed: usize, all: usize, width: usize) -> String {
    let long = if width < NARROW { BAR / 2 } else { BAR };
    let full = (passed * long).checked_div(all).unwrap_or(0);
    format!(
        "[{}{}] {passed} of {all}",
        paint(GOOD, &"#".repeat(full)),
        "-".repeat(long - full)
    )
}

fn row(
    exercise: &Exercise,
    progress: &Progress,
    next: bool,
    longest: usize,
    width: usize,
) -> String {
    let entry = progress.exercises.get(&exercise.name);
    let passed = entry.and_then(|entry| entry.passed.as_ref());
    let (style, mark) = match passed {
        Some(_) => (GOOD, "passed"),
        None if entry.is_some_and(|entry| entry.tries > 0) || is_changed(exercise) => {
            (HELP, "tried ")
        }
        None => (ASIDE, "new   "),
    };
    let changed = passed.is_some_and(|passed| {
        answer::read(exercise, "").is_ok_and(|answer| fingerprint(&answer) != *passed)
    });
    let note = if changed { " (changed since)" } else { "" };
    let head = format!(
        "{} {}  {:longest$}  {:3} min",
        if next { paint(HEAD, ">") } else { " ".into() },
        paint(style, mark),
        exercise.name,
        exercise.task.minutes,
    );
    let title = format!("{}{note}", harmless(&exercise.task.title));
    if columns(&head) + 2 + columns(&title) <= width {
        return format!("{head}  {title}");
    }
    format!(
        "{head}\n{}",
        crate::text::wrap(&title, width, "          ", "          ")
    )
}
