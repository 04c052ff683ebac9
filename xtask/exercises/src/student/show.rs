//! `next`, `hint` and `solution`: what there is to read about an exercise.

use std::fs;
use std::io::ErrorKind;

use anstream::println;
use anyhow::{Context, Result, bail};

use super::Course;
use super::progress::Progress;
use crate::catalog::Exercise;
use crate::text::{HEAD, HELP, count, harmless, markdown, paint, width, wrap};

/// The exercise's title, with its name.
pub fn heading(exercise: &Exercise) -> String {
    paint(
        HEAD,
        &format!("{} ({})", harmless(&exercise.task.title), exercise.name),
    )
}

/// How many hints are left, as text: `2 hints left`.
pub fn hints_left(exercise: &Exercise, progress: &Progress) -> String {
    let shown = progress
        .exercises
        .get(&exercise.name)
        .map_or(0, |entry| entry.hints);
    let left = exercise.task.hints.len().saturating_sub(shown);
    match left {
        0 => "no new hint left".into(),
        left => format!("{} left", count(left as u64, "hint")),
    }
}

/// Where to look after a pass: there is more than one good answer. Nothing in a course without solutions.
pub fn compare(exercise: &Exercise) -> String {
    if !exercise.folder.join("solution.rs").is_file() {
        return String::new();
    }
    format!(
        "Another good answer, to compare:\n  cargo xtask exercise solution {}",
        exercise.name
    )
}

/// The task of the exercise that is next, and how to go on.
///
/// # Errors
/// Never; it is a command as the others are.
pub fn next(course: &Course) -> Result<()> {
    let Some(exercise) = course.current(&course.store.read()) else {
        println!("All exercises are passed. `cargo xtask exercise list` shows them.");
        return Ok(());
    };
    let progress = course.note(|progress| progress.current = Some(exercise.name.clone()));
    println!("{}", task(course, exercise));
    let name = &exercise.name;
    println!(
        "\nEdit  {}\nthen  cargo xtask exercise watch {name}   (checks at each save)\nor    cargo xtask exercise check {name}\nhelp  cargo xtask exercise hint {name}   ({})",
        course.shown(&exercise.file()),
        hints_left(exercise, &progress),
    );
    Ok(())
}

/// The task, for the terminal.
pub fn task(course: &Course, exercise: &Exercise) -> String {
    let task = &exercise.task;
    let about = format!(
        "{}, about {}, {}",
        exercise.lesson,
        count(u64::from(task.minutes), "minute"),
        match task.difficulty {
            1 => "a warm-up",
            2 => "some work",
            _ => "the hardest kind",
        }
    );
    let width = width();
    format!(
        "{}\n{}\n{}\n\n{}",
        heading(exercise),
        wrap(&about, width, "", ""),
        course.shown(&exercise.folder.join("task.md")),
        markdown(&task.text, width)
    )
}

/// Shows the next hint of an exercise. After the last one, all of them again.
///
/// # Errors
/// When there is no such exercise.
pub fn hint(course: &Course, name: Option<&str>) -> Result<()> {
    let exercise = course.chosen(name)?;
    println!("{}", next_hint(course, exercise));
    println!("\n({})", hints_left(exercise, &course.store.read()));
    Ok(())
}

/// The next hint; it counts as shown.
pub fn next_hint(course: &Course, exercise: &Exercise) -> String {
    let hints = &exercise.task.hints;
    let mut shown = 0;
    course.note(|progress| {
        progress.current = Some(exercise.name.clone());
        let entry = progress.entry(&exercise.name);
        shown = entry.hints;
        entry.hints = (shown + 1).min(hints.len());
    });
    let number = hints.len();
    let one = |at: usize| {
        let head = format!("Hint {} of {number} for {}", at + 1, exercise.name);
        format!("{}\n{}", paint(HELP, &head), markdown(&hints[at], width()))
    };
    if shown < number {
        return one(shown);
    }
    let all: Vec<String> = (0..number).map(one).collect();
    format!(
        "You have seen all hints. Here they are again.\n\n{}",
        all.join("\n\n")
    )
}

/// Shows the solution of an exercise that is passed, or that is to be spoiled.
///
/// # Errors
/// When it is not passed yet, or there is no solution.
pub fn solution(course: &Course, name: &str, spoil: bool) -> Result<()> {
    let exercise = course.find(name)?;
    let path = exercise.folder.join("solution.rs");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!(
            "this copy of the course has no solutions: ask whoever gave it to you for that of `{}`",
            exercise.name
        ),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read {}", course.shown(&path)));
        }
    };
    if !spoil && !course.store.read().passed(&exercise.name) {
        bail!(
            "`{name}` is not passed yet. The next hint is `cargo xtask exercise hint {name}`; if you want to see the solution now: `cargo xtask exercise solution {name} --spoil`",
            name = exercise.name
        );
    }
    println!("{}", harmless(text.trim_end()));
    Ok(())
}
