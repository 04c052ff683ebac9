//! The report of a check, line by line: written while it runs, read by the runner.
//!
//! A line is a word and its fields, separated by tabs; tab, line end and backslash are escaped. A line
//! is written when its event happens, so that the report of a program that was killed is good up to
//! there.

use crate::failure::{Compared, Failure, Kind, Panic, hex};

/// One step of the story. A step may be reported again when it has grown: the later one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The step's number in its check, from 0.
    pub index: usize,
    /// Who did it: `the client`.
    pub who: String,
    /// What was done: `sent 5 octets`.
    pub what: String,
    /// The first octets that it was about (at most [`OCTETS_SHOWN`]).
    pub octets: Vec<u8>,
    /// How many octets it was about, in all.
    pub total: u64,
    /// How often it happened in a row.
    pub times: u64,
}

/// So many octets of a step are kept.
pub const OCTETS_SHOWN: usize = 64;

/// What can be reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// So many checks will run.
    Checks(usize),
    /// The check of this name begins.
    Begin(String),
    /// A step of the story.
    Step(Step),
    /// The check that began last is not passed.
    Fail(Box<Failure>),
    /// The check that began last is passed.
    Pass,
    /// The check that began last was not run, because an earlier one ran into its deadline.
    Skip,
    /// All is over. The word is one of two that the runner had put into the report's file, for passed
    /// and for not passed: the student's code cannot know the first one, so it cannot end the report
    /// of a failure as a success.
    Done(String),
}

impl Event {
    /// The event as a line, without its end.
    pub fn line(&self) -> String {
        let fields: Vec<String> = match self {
            Self::Checks(count) => vec!["checks".into(), count.to_string()],
            Self::Begin(name) => vec!["begin".into(), name.clone()],
            Self::Step(step) => vec![
                "step".into(),
                step.index.to_string(),
                step.who.clone(),
                step.what.clone(),
                hex(&step.octets),
                step.total.to_string(),
                step.times.to_string(),
            ],
            Self::Fail(failure) => fail_fields(failure),
            Self::Pass => vec!["pass".into()],
            Self::Skip => vec!["skip".into()],
            Self::Done(word) => vec!["done".into(), word.clone()],
        };
        let escaped: Vec<String> = fields.iter().map(|field| escape(field)).collect();
        escaped.join("\t")
    }

    /// The event that a line says, or `None` when it says none: a line cut short, for example.
    pub fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split('\t').map(unescape);
        let mut next = || fields.next().flatten();
        Some(match next()?.as_str() {
            "checks" => Self::Checks(next()?.parse().ok()?),
            "begin" => Self::Begin(next()?),
            "step" => Self::Step(Step {
                index: next()?.parse().ok()?,
                who: next()?,
                what: next()?,
                octets: unhex(&next()?)?,
                total: next()?.parse().ok()?,
                times: next()?.parse().ok()?,
            }),
            "fail" => Self::Fail(Box::new(parse_fail(&mut next)?)),
            "pass" => Self::Pass,
            "skip" => Self::Skip,
            "done" => Self::Done(next()?),
            _ => return None,
        })
    }
}

fn fail_fields(failure: &Failure) -> Vec<String> {
    let mut fields = vec![
        "fail".into(),
        failure.kind.word().into(),
        failure.detail.clone(),
        failure.unmet.clone(),
    ];
    match &failure.compared {
        None => fields.push("nothing".into()),
        Some(Compared::Values { expected, got }) => {
            fields.extend(["values".into(), expected.clone(), got.clone()]);
        }
        Some(Compared::Octets { expected, got }) => {
            fields.extend(["octets".into(), hex(expected), hex(got)]);
        }
    }
    match &failure.panic {
        None => fields.push("calm".into()),
        Some(panic) => fields.extend([
            "panic".into(),
            panic.who.clone(),
            panic.message.clone(),
            panic.place.clone(),
        ]),
    }
    for (who, state) in &failure.waiting {
        fields.extend([who.clone(), state.clone()]);
    }
    fields.push("end".into());
    fields
}

fn parse_fail(next: &mut impl FnMut() -> Option<String>) -> Option<Failure> {
    let kind = Kind::from_word(&next()?)?;
    let (detail, unmet) = (next()?, next()?);
    let compared = match next()?.as_str() {
        "values" => Some(Compared::Values {
            expected: next()?,
            got: next()?,
        }),
        "octets" => Some(Compared::Octets {
            expected: unhex(&next()?)?,
            got: unhex(&next()?)?,
        }),
        _ => None,
    };
    let panic = match next()?.as_str() {
        "panic" => Some(Panic {
            who: next()?,
            message: next()?,
            place: next()?,
        }),
        _ => None,
    };
    let mut waiting = Vec::new();
    loop {
        let who = next()?;
        match next() {
            Some(state) => waiting.push((who, state)),
            None if who == "end" => break,
            None => return None,
        }
    }
    Some(Failure {
        kind,
        detail,
        unmet,
        compared,
        waiting,
        panic,
    })
}

fn escape(field: &str) -> String {
    field
        .replace('\\', "\\\\")
        .replace('\t', "\\t")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

fn unescape(field: &str) -> Option<String> {
    let mut text = String::with_capacity(field.len());
    let mut characters = field.chars();
    while let Some(c) = characters.next() {
        text.push(match c {
            '\\' => match characters.next()? {
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            c => c,
        });
    }
    Some(text)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits?;
    if digits.len() % 2 != 0 {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn failures() -> impl Strategy<Value = Failure> {
        let compared = prop_oneof![
            Just(None),
            (any::<String>(), any::<String>())
                .prop_map(|(expected, got)| Some(Compared::Values { expected, got })),
            (any::<Vec<u8>>(), any::<Vec<u8>>())
                .prop_map(|(expected, got)| Some(Compared::Octets { expected, got })),
        ];
        let panic = proptest::option::of((any::<String>(), any::<String>(), any::<String>()))
            .prop_map(|panic| {
                panic.map(|(who, message, place)| Panic {
                    who,
                    message,
                    place,
                })
            });
        let waiting = proptest::collection::vec(any::<(String, String)>(), 0..3);
        (
            any::<(String, String)>(),
            compared,
            waiting,
            panic,
            0..Kind::ALL_WORDS.len(),
        )
            .prop_map(
                |((detail, unmet), compared, waiting, panic, kind)| Failure {
                    kind: Kind::from_word(Kind::ALL_WORDS[kind]).unwrap(),
                    detail,
                    unmet,
                    compared,
                    waiting,
                    panic,
                },
            )
    }

    fn events() -> impl Strategy<Value = Event> {
        prop_oneof![
            any::<usize>().prop_map(Event::Checks),
            any::<String>().prop_map(Event::Begin),
            (any::<(usize, String, String, u64, u64)>(), any::<Vec<u8>>()).prop_map(
                |((index, who, what, total, times), octets)| {
                    Event::Step(Step {
                        index,
                        who,
                        what,
                        octets,
                        total,
                        times,
                    })
                }
            ),
            failures().prop_map(|failure| Event::Fail(Box::new(failure))),
            Just(Event::Pass),
            Just(Event::Skip),
            any::<String>().prop_map(Event::Done),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(event in events()) {
            let line = event.line();
            prop_assert!(!line.contains('\n'), "{line:?}");
            prop_assert_eq!(Event::parse(&line), Some(event));
        }

        #[test]
        fn any_line_is_read_or_refused(line in any::<String>()) {
            let _ = Event::parse(&line);
        }
    }

    #[test]
    fn a_line_cut_short_is_no_event() {
        let whole = Event::Fail(Box::new(Failure {
            kind: Kind::Deadline,
            detail: "d".into(),
            unmet: "u".into(),
            compared: None,
            waiting: vec![("the client".into(), "waits".into())],
            panic: None,
        }))
        .line();
        let cut = &whole[..whole.len() - 1];
        assert_eq!(Event::parse(cut), None);
    }
}
