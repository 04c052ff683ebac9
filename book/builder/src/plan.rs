//! `{{#plan …}}`: tables for teachers, summed from the minutes in the chapters' front matters.

use std::fmt::Write as _;

use crate::chapter::Chapter;

/// Every chapter that has minutes, in the book's order, with running sums.
pub fn course(chapters: &[&Chapter]) -> String {
    let mut rows = String::new();
    let mut sum = 0;
    for chapter in chapters {
        let Some(minutes) = chapter.front.minutes else {
            continue;
        };
        sum += minutes;
        let _ = writeln!(rows, "| {} | {minutes} | {} |", link(chapter), hours(sum));
    }
    format!(
        "| Chapter | Minutes | Together |\n|---|--:|--:|\n{rows}| **The whole course** | **{sum}** | **{}** |\n",
        hours(sum)
    )
}

/// Chosen chapters one after the other, from minute 0 on.
///
/// # Errors
/// What is wrong, and the mend.
pub fn session(
    chapters: &[&Chapter],
    limit: Option<u32>,
    parts: &[(String, Option<u32>)],
) -> Result<String, (String, String)> {
    let mut rows = String::new();
    let mut sum = 0;
    for (name, part) in parts {
        let chapter = chapters
            .iter()
            .find(|chapter| is_called(chapter, name))
            .ok_or_else(|| {
                let known: Vec<_> = chapters.iter().map(|chapter| chapter.stem()).collect();
                (
                    format!("there is no chapter `{name}`"),
                    format!(
                        "expected a lesson's two digits or one of {}",
                        known.join(", ")
                    ),
                )
            })?;
        let all = chapter.front.minutes.ok_or_else(|| {
            (
                format!("the chapter {} has no minutes", chapter.file),
                format!("add `minutes: N` to the front matter of {}", chapter.name()),
            )
        })?;
        let minutes = part.unwrap_or(all);
        if minutes > all {
            return Err((
                format!(
                    "{minutes} minutes are planned for {}, which takes {all}",
                    chapter.file
                ),
                format!("expected at most {all}"),
            ));
        }
        let of = if minutes < all {
            format!(" of {all}")
        } else {
            String::new()
        };
        let _ = writeln!(
            rows,
            "| {sum} to {} | {} | {minutes}{of} |",
            sum + minutes,
            link(chapter)
        );
        sum += minutes;
    }
    if let Some(limit) = limit {
        if sum > limit {
            return Err((
                format!("the session takes {sum} minutes, and there are {limit}"),
                "leave a chapter out, or take fewer minutes of one: `04=30`".to_owned(),
            ));
        }
        if sum < limit {
            let _ = writeln!(rows, "| {sum} to {limit} | questions | {} |", limit - sum);
        }
    }
    let total = limit.unwrap_or(sum);
    Ok(format!(
        "| Minute | Chapter | Minutes |\n|--:|---|--:|\n{rows}| | **Together** | **{total}** |\n"
    ))
}

/// How minutes are said: `45 min`, `1 h`, `1 h 30 min`.
pub fn hours(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The name of a chapter in lists: a lesson's with its number.
pub fn heading(chapter: &Chapter) -> String {
    let title = chapter.title.as_deref().unwrap_or(chapter.stem());
    match chapter
        .front
        .lesson
        .as_deref()
        .and_then(|lesson| lesson.split_once('-'))
    {
        Some((number, _)) if !title.starts_with(number) => format!("{number} · {title}"),
        _ => title.to_owned(),
    }
}

fn link(chapter: &Chapter) -> String {
    format!(
        "[{}]({})",
        heading(chapter).replace('|', "\\|"),
        chapter.file
    )
}

fn is_called(chapter: &Chapter, name: &str) -> bool {
    let lesson = chapter.front.lesson.as_deref();
    chapter.stem() == name
        || lesson
            .and_then(|lesson| lesson.split_once('-'))
            .is_some_and(|(number, _)| number == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapters() -> Vec<Chapter> {
        [
            ("the-map.md", "---\nminutes: 20\n---\n# The map\n"),
            (
                "04-tcp-chat.md",
                "---\nlesson: 04-tcp-chat\nminutes: 70\n---\n# Taking turns\n",
            ),
            ("glossary.md", "# Glossary\n"),
        ]
        .map(|(file, text)| Chapter::parse(file, text.to_owned(), &mut Vec::new()))
        .into()
    }

    #[test]
    fn the_course_is_summed() {
        let chapters = chapters();
        insta::assert_snapshot!(course(&chapters.iter().collect::<Vec<_>>()), @r"
        | Chapter | Minutes | Together |
        |---|--:|--:|
        | [The map](the-map.md) | 20 | 20 min |
        | [04 · Taking turns](04-tcp-chat.md) | 70 | 1 h 30 min |
        | **The whole course** | **90** | **1 h 30 min** |
        ");
    }

    #[test]
    fn a_session_is_laid_out_minute_by_minute() {
        let chapters = chapters();
        let chapters: Vec<_> = chapters.iter().collect();
        let parts = [("the-map".to_owned(), None), ("04".to_owned(), Some(60))];
        insta::assert_snapshot!(session(&chapters, Some(90), &parts).unwrap(), @r"
        | Minute | Chapter | Minutes |
        |--:|---|--:|
        | 0 to 20 | [The map](the-map.md) | 20 |
        | 20 to 80 | [04 · Taking turns](04-tcp-chat.md) | 60 of 70 |
        | 80 to 90 | questions | 10 |
        | | **Together** | **90** |
        ");
    }

    #[test]
    fn a_plan_that_cannot_be_kept_is_refused() {
        let chapters = chapters();
        let chapters: Vec<_> = chapters.iter().collect();
        let plan = |limit, name: &str, minutes| {
            session(&chapters, limit, &[(name.to_owned(), minutes)])
                .unwrap_err()
                .0
        };
        assert!(plan(None, "07", None).contains("no chapter `07`"));
        assert!(plan(None, "glossary", None).contains("has no minutes"));
        assert!(plan(None, "04", Some(80)).contains("which takes 70"));
        assert!(plan(Some(60), "04", None).contains("there are 60"));
    }
}
