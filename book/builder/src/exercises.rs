//! `{{#exercises …}}` and `{{#misconceptions}}`: what the exercises' own files say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use catalog::exercise::Exercise;

use crate::html;

/// The exercises of a lesson, one after the other: task, minutes, level, and how to check it.
///
/// # Errors
/// What is wrong, and the mend, when the lesson has none.
pub fn tasks(exercises: &[Exercise], lesson: &str) -> Result<String, (String, String)> {
    let mut page = String::from(
        "Run the command under the title and edit the file that it names: \
         [how it works](how-to-use.md#exercises).\n\n",
    );
    for exercise in of_lesson(exercises, lesson)? {
        let task = &exercise.task;
        let name = html::escape(&exercise.name);
        // A task's own headings would stand in the table of contents, so it has none.
        let _ = write!(
            page,
            "<section class=\"exercise\">\n\n### {} {{#exercise-{name}}}\n\n\
             <p class=\"exercise-head\">{} · about {} minutes · <code class=\"nohighlight\">\
             cargo xtask exercise watch {name}</code></p>\n\n{}\n\n</section>\n\n",
            task.title,
            level(task.difficulty),
            task.minutes,
            task.text,
        );
    }
    Ok(page)
}

/// A table of all exercises for the teacher: minutes, level, and the misconceptions that each knows.
pub fn table(exercises: &[Exercise]) -> String {
    let mut rows = String::new();
    let mut lesson = "";
    for exercise in exercises {
        if exercise.lesson != lesson {
            lesson = &exercise.lesson;
            let own = exercises.iter().filter(|other| other.lesson == lesson);
            let minutes: u32 = own.map(|exercise| exercise.task.minutes).sum();
            let _ = writeln!(
                rows,
                "| **[{lesson}]({lesson}.md#exercises)** | **{minutes}** | | |"
            );
        }
        let mut known = String::new();
        for mistake in &exercise.known.mistakes {
            let _ = write!(known, "<li>{}</li>", mistake.title.replace('|', "\\|"));
        }
        let _ = writeln!(
            rows,
            "| [{}]({lesson}.md#exercise-{}) | {} | {} | <ul class=\"misconceptions\">{}</ul> |",
            exercise.task.title,
            exercise.name,
            exercise.task.minutes,
            exercise.task.difficulty,
            known,
        );
    }
    format!(
        "| Exercise | Minutes | Level | Misconceptions that it names |\n|---|--:|--:|---|\n{rows}"
    )
}

/// The misconceptions that more than one exercise knows, with these exercises, the commonest first.
pub fn misconceptions(exercises: &[Exercise]) -> String {
    let mut by_title: BTreeMap<&str, Vec<&Exercise>> = BTreeMap::new();
    for exercise in exercises {
        for mistake in &exercise.known.mistakes {
            by_title.entry(&mistake.title).or_default().push(exercise);
        }
    }
    let mut sorted: Vec<_> = by_title.into_iter().collect();
    sorted.retain(|(_, named_by)| named_by.len() > 1);
    sorted.sort_by_key(|(_, named_by)| std::cmp::Reverse(named_by.len()));
    let mut list = String::new();
    for (title, named_by) in sorted {
        let links: Vec<String> = named_by
            .iter()
            .map(|exercise| {
                let (lesson, name) = (&exercise.lesson, &exercise.name);
                format!("[{}]({lesson}.md#exercise-{name})", exercise.task.title)
            })
            .collect();
        let _ = writeln!(list, "- *{title}* {}", links.join(", "));
    }
    list
}

fn of_lesson<'a>(
    exercises: &'a [Exercise],
    lesson: &str,
) -> Result<Vec<&'a Exercise>, (String, String)> {
    let own: Vec<&Exercise> = exercises
        .iter()
        .filter(|exercise| exercise.lesson == lesson)
        .collect();
    if own.is_empty() {
        return Err((
            format!("the lesson `{lesson}` has no exercises"),
            format!("write lessons/{lesson}/exercises/<name>/task.md, or name another lesson"),
        ));
    }
    Ok(own)
}

fn level(difficulty: u8) -> &'static str {
    match difficulty {
        1 => "a warm-up",
        2 => "some work",
        _ => "a longer one",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::exercise::Task;
    use catalog::known::{Known, Mistake};

    fn exercise(lesson: &str, name: &str, minutes: u32, mistakes: &[&str]) -> Exercise {
        Exercise {
            lesson: lesson.into(),
            name: name.into(),
            folder: name.into(),
            task: Task {
                title: format!("The {name}"),
                minutes,
                difficulty: 2,
                read: String::new(),
                text: "Do *this*.".into(),
                hints: Vec::new(),
            },
            known: Known {
                starter: String::new(),
                mistakes: (mistakes.iter())
                    .map(|title| Mistake {
                        name: String::new(),
                        title: (*title).into(),
                        hint: String::new(),
                        fails: Vec::new(),
                    })
                    .collect(),
            },
        }
    }

    fn some() -> Vec<Exercise> {
        vec![
            exercise("01-a", "one", 5, &["One read is one message."]),
            exercise(
                "01-a",
                "two",
                10,
                &["010 is 10.", "One read is one message."],
            ),
            exercise(
                "02-b",
                "three",
                30,
                &["010 is 10.", "One read is one message."],
            ),
        ]
    }

    #[test]
    fn a_lesson_shows_its_tasks() {
        let page = tasks(&some(), "01-a").unwrap();
        assert!(page.contains("### The one {#exercise-one}\n"), "{page}");
        assert!(page.contains("about 10 minutes"), "{page}");
        assert!(page.contains("\n\nDo *this*.\n\n"), "{page}");
        assert!(!page.contains("three"), "{page}");
        let (what, _) = tasks(&some(), "03-c").unwrap_err();
        assert!(what.contains("03-c"), "{what}");
    }

    #[test]
    fn the_table_sums_each_lesson() {
        let table = table(&some());
        let sums: Vec<&str> = table.lines().filter(|line| line.contains("**")).collect();
        assert_eq!(
            sums,
            [
                "| **[01-a](01-a.md#exercises)** | **15** | | |",
                "| **[02-b](02-b.md#exercises)** | **30** | | |"
            ]
        );
        assert!(table.contains("<li>010 is 10.</li><li>One read is one message.</li></ul> |"));
    }

    #[test]
    fn the_commonest_misconception_comes_first() {
        let list = misconceptions(&some());
        let first = list.lines().next().unwrap();
        assert_eq!(
            first,
            "- *One read is one message.* [The one](01-a.md#exercise-one), \
             [The two](01-a.md#exercise-two), [The three](02-b.md#exercise-three)"
        );
        assert_eq!(
            list.lines().count(),
            2,
            "and none that one exercise alone names"
        );
    }
}
