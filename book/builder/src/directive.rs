//! The lines that the builder adds to Markdown: `{{#scene …}}` and its kin.

use crate::chapter::is_lesson;

/// A directive, read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Directive {
    /// `{{#scene id}}`: the terminals of a scene.
    Scene(String),
    /// `{{#picture id}}`: what crossed the wire in a scene.
    Picture(String),
    /// `{{#listing path:anchor caption}}`: code from a compiled file.
    Listing {
        /// The file, relative to the repository.
        path: String,
        /// The name in its `// ANCHOR:` line.
        anchor: String,
        /// What the reader sees in it.
        caption: String,
    },
    /// `{{#exercises 04-tcp-chat}}`: the tasks of a lesson's exercises.
    Exercises(String),
    /// `{{#exercises table}}`: all exercises, with minutes and misconceptions.
    ExerciseTable,
    /// `{{#measured ip-bulk}}`: what the benchmark of this name has measured.
    Measured(String),
    /// `{{#measured ip-bulk short}}`: only ours, drawn.
    MeasuredShort(String),
    /// `{{#misconceptions}}`: what more than one exercise recognises, the commonest first.
    Misconceptions,
    /// `{{#flakes count}}`: how often every test ran, and which failed now and then.
    FlakesCount,
    /// `{{#fuzz table}}`: how often each parser was given random input.
    FuzzTable,
    /// `{{#hostile matrix}}`: what every hostile peer made of every server.
    HostileMatrix,
    /// `{{#explorer address}}`: a figure to play with.
    Explorer(Explorer),
    /// `{{#plan course}}`: every chapter with its minutes.
    CoursePlan,
    /// `{{#plan session …}}`: chosen chapters, one after the other.
    SessionPlan {
        /// The minutes there are (`of 90:`).
        limit: Option<u32>,
        /// Chapters, by lesson number or file name, each with minutes if not all of it is taught.
        parts: Vec<(String, Option<u32>)>,
    },
}

/// The figures to play with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Explorer {
    /// The 32 bits of an address.
    Address,
    /// UDP and TCP on a bad path.
    Weather,
}

/// What a line of a chapter is.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// No directive.
    Nothing,
    /// A directive.
    Directive(Directive),
    /// Something that was meant as one: what is wrong, and what was expected.
    Wrong {
        /// What is wrong.
        what: String,
        /// What was expected.
        expected: String,
    },
}

const ALL: &str = "the directives are `{{#scene id}}`, `{{#picture id}}`, \
    `{{#listing path:anchor caption}}`, `{{#exercises lesson}}`, `{{#exercises table}}`, \
    `{{#measured name}}`, `{{#measured name short}}`, `{{#misconceptions}}`, `{{#flakes count}}`, \
    `{{#fuzz table}}`, `{{#hostile matrix}}`, `{{#explorer address}}`, `{{#explorer weather}}`, \
    `{{#plan course}}` and `{{#plan session …}}`";

/// Looks for a directive in a line of prose.
pub fn find(line: &str) -> Found {
    // Between backquotes a directive is spoken about, not used.
    let prose: String = line.split('`').step_by(2).collect();
    if !prose.contains("{{#") {
        return Found::Nothing;
    }
    let alone = line.trim();
    let Some(inner) = alone
        .strip_prefix("{{#")
        .and_then(|rest| rest.strip_suffix("}}"))
    else {
        return wrong(
            "a directive stands among other text",
            "put it on a line of its own, from `{{#` to `}}`",
        );
    };
    let (word, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let rest = rest.trim();
    match word {
        "scene" | "picture" => {
            let is_id = rest.split_once('/').is_some_and(|(lesson, name)| {
                !lesson.is_empty() && !name.is_empty() && !name.contains(['/', ' '])
            });
            if !is_id {
                return wrong(
                    &format!("`{rest}` is no scene"),
                    &format!(
                        "expected `{{{{#{word} 04-tcp-chat/turn-taking}}}}`: lesson, slash, name"
                    ),
                );
            }
            Found::Directive(if word == "scene" {
                Directive::Scene(rest.to_owned())
            } else {
                Directive::Picture(rest.to_owned())
            })
        }
        "listing" => listing(rest),
        "exercises" if rest == "table" => Found::Directive(Directive::ExerciseTable),
        "exercises" if is_lesson(rest) => Found::Directive(Directive::Exercises(rest.to_owned())),
        "exercises" => wrong(
            &format!("`{rest}` is no lesson"),
            "expected `{{#exercises 04-tcp-chat}}` or `{{#exercises table}}`",
        ),
        "measured" => measured(rest),
        "misconceptions" if rest.is_empty() => Found::Directive(Directive::Misconceptions),
        "flakes" if rest == "count" => Found::Directive(Directive::FlakesCount),
        "flakes" => wrong(
            &format!("there is no record `{rest}` of flakes"),
            "expected `{{#flakes count}}`",
        ),
        "fuzz" if rest == "table" => Found::Directive(Directive::FuzzTable),
        "fuzz" => wrong(
            &format!("there is no record `{rest}` of fuzzing"),
            "expected `{{#fuzz table}}`",
        ),
        "hostile" if rest == "matrix" => Found::Directive(Directive::HostileMatrix),
        "hostile" => wrong(
            &format!("there is no record `{rest}` of hostile peers"),
            "expected `{{#hostile matrix}}`",
        ),
        "explorer" => match rest {
            "address" => Found::Directive(Directive::Explorer(Explorer::Address)),
            "weather" => Found::Directive(Directive::Explorer(Explorer::Weather)),
            _ => wrong(
                &format!("there is no explorer `{rest}`"),
                "expected `{{#explorer address}}` or `{{#explorer weather}}`",
            ),
        },
        "plan" => plan(rest),
        "include" | "rustdoc_include" | "playground" => wrong(
            &format!("`{{{{#{word}}}}}` is not used in this book"),
            "write `{{#listing path:anchor caption}}`, with the path from the repository's root",
        ),
        _ => wrong(&format!("there is no directive `{word}`"), ALL),
    }
}

fn measured(rest: &str) -> Found {
    match rest.split_once(' ') {
        None if is_benchmark(rest) => Found::Directive(Directive::Measured(rest.to_owned())),
        Some((name, "short")) if is_benchmark(name) => {
            Found::Directive(Directive::MeasuredShort(name.to_owned()))
        }
        _ => wrong(
            &format!("`{rest}` is no benchmark"),
            "expected `{{#measured ip-bulk}}` or `{{#measured ip-bulk short}}`; `cargo xtask bench list` \
             lists the names",
        ),
    }
}

/// Can this be the name of a benchmark, and so of a file?
fn is_benchmark(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

fn wrong(what: &str, expected: &str) -> Found {
    Found::Wrong {
        what: what.to_owned(),
        expected: expected.to_owned(),
    }
}

fn listing(rest: &str) -> Found {
    let (place, caption) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let Some((path, anchor)) = place
        .rsplit_once(':')
        .filter(|(p, a)| !p.is_empty() && !a.is_empty())
    else {
        return wrong(
            &format!("`{place}` names no anchor"),
            "expected `{{#listing lessons/04-tcp-chat/src/lib.rs:turns One turn}}`: \
             path, colon, anchor, caption",
        );
    };
    let caption = caption.trim();
    if caption.is_empty() {
        return wrong(
            &format!("the listing {place} has no caption"),
            "say after the anchor what the reader sees in it",
        );
    }
    Found::Directive(Directive::Listing {
        path: path.to_owned(),
        anchor: anchor.to_owned(),
        caption: caption.to_owned(),
    })
}

fn plan(rest: &str) -> Found {
    const FORM: &str = "expected `{{#plan course}}`, or `{{#plan session 00 01=20 04}}` with lesson \
        numbers or file names, `=20` for only 20 of a chapter's minutes, and `of 90:` before them \
        for the minutes there are";
    let (kind, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let mut rest = rest.trim();
    match kind {
        "course" if rest.is_empty() => return Found::Directive(Directive::CoursePlan),
        "session" => {}
        _ => return wrong(&format!("there is no plan `{kind} {rest}`"), FORM),
    }
    let mut limit = None;
    let of = rest
        .strip_prefix("of")
        .filter(|minutes| minutes.starts_with(char::is_whitespace));
    if let Some((minutes, parts)) = of.and_then(|minutes| minutes.split_once(':')) {
        let Ok(minutes) = minutes.trim().parse() else {
            return wrong(&format!("`{minutes}` is no number of minutes"), FORM);
        };
        limit = Some(minutes);
        rest = parts.trim();
    }
    let mut parts = Vec::new();
    for part in rest.split_whitespace() {
        let (chapter, minutes) = match part.split_once('=') {
            None => (part, None),
            Some((chapter, minutes)) => match minutes.parse() {
                Ok(minutes @ 1..) => (chapter, Some(minutes)),
                _ => return wrong(&format!("`{part}` has no number of minutes"), FORM),
            },
        };
        parts.push((chapter.to_owned(), minutes));
    }
    if parts.is_empty() {
        return wrong("the session has no chapter", FORM);
    }
    Found::Directive(Directive::SessionPlan { limit, parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(line: &str) -> String {
        match find(line) {
            Found::Wrong { what, expected } => format!("{what}: {expected}"),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn every_directive_is_read() {
        assert_eq!(
            find("{{#scene 04-tcp-chat/turn-taking}}"),
            Found::Directive(Directive::Scene("04-tcp-chat/turn-taking".into()))
        );
        assert_eq!(
            find("   {{#picture 04-tcp-chat/turn-taking}}  "),
            Found::Directive(Directive::Picture("04-tcp-chat/turn-taking".into()))
        );
        assert_eq!(
            find("{{#listing lessons/04-tcp-chat/src/lib.rs:turns One turn: read, then write}}"),
            Found::Directive(Directive::Listing {
                path: "lessons/04-tcp-chat/src/lib.rs".into(),
                anchor: "turns".into(),
                caption: "One turn: read, then write".into(),
            })
        );
        assert_eq!(
            find("{{#measured roundtrip short}}"),
            Found::Directive(Directive::MeasuredShort("roundtrip".into()))
        );
        assert_eq!(
            find("{{#exercises 04-tcp-chat}}"),
            Found::Directive(Directive::Exercises("04-tcp-chat".into()))
        );
        assert_eq!(
            find("{{#exercises table}}"),
            Found::Directive(Directive::ExerciseTable)
        );
        assert_eq!(
            find("{{#measured ip-bulk}}"),
            Found::Directive(Directive::Measured("ip-bulk".into()))
        );
        assert_eq!(
            find("{{#misconceptions}}"),
            Found::Directive(Directive::Misconceptions)
        );
        assert_eq!(
            find("{{#flakes count}}"),
            Found::Directive(Directive::FlakesCount)
        );
        assert_eq!(
            find("{{#fuzz table}}"),
            Found::Directive(Directive::FuzzTable)
        );
        assert_eq!(
            find("{{#hostile matrix}}"),
            Found::Directive(Directive::HostileMatrix)
        );
        assert_eq!(
            find("{{#explorer address}}"),
            Found::Directive(Directive::Explorer(Explorer::Address))
        );
        assert_eq!(
            find("{{#explorer weather}}"),
            Found::Directive(Directive::Explorer(Explorer::Weather))
        );
        assert_eq!(
            find("{{#plan course}}"),
            Found::Directive(Directive::CoursePlan)
        );
        for line in [
            "{{#plan session of 90: the-map 01=20}}",
            "{{#plan session of\t90: the-map 01=20}}",
        ] {
            assert_eq!(
                find(line),
                Found::Directive(Directive::SessionPlan {
                    limit: Some(90),
                    parts: vec![("the-map".into(), None), ("01".into(), Some(20))],
                })
            );
        }
    }

    #[test]
    fn prose_and_code_are_left_alone() {
        assert_eq!(find("A value is called `{port}`."), Found::Nothing);
        assert_eq!(
            find("Write `{{#scene id}}` on its own line."),
            Found::Nothing
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(complaint("See {{#scene 04-tcp-chat/x}}").contains("line of its own"));
        assert!(complaint("{{#scene turn-taking}}").contains("no scene"));
        assert!(complaint("{{#scene}}").contains("04-tcp-chat/turn-taking"));
        assert!(complaint("{{#listing lessons/x.rs One}}").contains("no anchor"));
        assert!(complaint("{{#listing lessons/x.rs:one}}").contains("no caption"));
        assert!(complaint("{{#include lessons/x.rs}}").contains("{{#listing"));
        assert!(complaint("{{#scenes x/y}}").contains("no directive `scenes`"));
        assert!(complaint("{{#exercises chat}}").contains("no lesson"));
        assert!(complaint("{{#flakes}}").contains("{{#flakes count}}"));
        assert!(complaint("{{#fuzz matrix}}").contains("{{#fuzz table}}"));
        assert!(complaint("{{#hostile table}}").contains("{{#hostile matrix}}"));
        assert!(complaint("{{#measured ../x}}").contains("no benchmark"));
        assert!(complaint("{{#explorer moon}}").contains("{{#explorer address}}"));
        assert!(complaint("{{#plan week}}").contains("no plan"));
        assert!(complaint("{{#plan session}}").contains("no chapter"));
        assert!(complaint("{{#plan session 01=x}}").contains("01=x"));
        assert!(complaint("{{#plan session of x: 01}}").contains("no number of minutes"));
    }
}
