//! A name that no exercise has: which one may be meant?

use anyhow::{Error, anyhow};

use super::Course;

/// So many names are offered at most.
const MOST: usize = 3;
/// Names that are less alike are not offered (1 is equal).
const ALIKE: f64 = 0.7;

/// The error that names the nearest exercises, or those of the lesson that was named.
pub fn unknown(course: &Course, wanted: &str) -> Error {
    let names = || course.exercises.iter().map(|one| one.name.as_str());
    let lesson = |one: &&crate::catalog::Exercise| {
        let number = one.lesson.split('-').next().unwrap_or_default();
        one.lesson == wanted || number == wanted
    };
    let of_lesson: Vec<&str> = (course.exercises.iter().filter(lesson))
        .map(|one| one.name.as_str())
        .collect();
    if !of_lesson.is_empty() {
        return anyhow!(
            "`{wanted}` is a lesson. Name one of its exercises: {}",
            list(&of_lesson)
        );
    }
    match nearest(names(), wanted).as_slice() {
        [] => anyhow!("there is no exercise `{wanted}`: `cargo xtask exercise list` shows all"),
        near => anyhow!(
            "there is no exercise `{wanted}`. Do you mean {}?",
            list(near)
        ),
    }
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        all => all.join(""),
    }
}

/// The names that are most like the wanted one, the nearest first.
fn nearest<'a>(names: impl Iterator<Item = &'a str>, wanted: &str) -> Vec<&'a str> {
    // A title, another spelling: `Half Close`, `half_close`.
    let wanted = wanted.trim().to_lowercase().replace([' ', '_'], "-");
    let mut near: Vec<(f64, &str)> = names
        .map(|name| {
            let alike = strsim::normalized_damerau_levenshtein(name, &wanted);
            (alike, name)
        })
        .filter(|(alike, name)| {
            let part = wanted.len() > 2 && (name.contains(&wanted) || wanted.contains(name));
            part || *alike >= ALIKE
        })
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0));
    near.into_iter().map(|(_, name)| name).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_are_offered() {
        let names = [
            "half-close",
            "octet-to-bits",
            "both-ways-at-once",
            "both-at-once",
        ];
        for (wanted, near) in [
            ("halfclose", vec!["half-close"]),
            ("Half Close", vec!["half-close"]),
            ("half_close", vec!["half-close"]),
            ("octets-to-bits", vec!["octet-to-bits"]),
            ("bits", vec!["octet-to-bits"]),
            ("at-once", vec!["both-at-once", "both-ways-at-once"]),
            ("xyz", vec![]),
            ("o", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(nearest(names.into_iter(), wanted), near, "{wanted}");
        }
    }

    #[test]
    fn names_are_listed_as_a_sentence() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
