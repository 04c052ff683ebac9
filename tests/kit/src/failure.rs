//! The step that did not come true.

use std::fmt::{Debug, Write as _};
use std::io::{self, ErrorKind};

use crate::story;

/// What became of a connection, in words that say more than the system's own `os error 111`.
pub(crate) fn plainly(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => "nobody listens there".into(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::NotConnected => {
            "the other side has closed the connection".into()
        }
        _ => error.to_string(),
    }
}

/// What a check returns: a value, or the first step that did not come true.
pub type Outcome<T = ()> = Result<T, Box<Failure>>;

/// How a step can fail to come true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A value is not the expected one.
    Value,
    /// Octets that arrived differ from the expected ones.
    Octets,
    /// The stream or the connection ended too early.
    End,
    /// A call of the check's own end failed, such as a refused `connect`.
    Error,
    /// The student's code panicked.
    Panic,
    /// The student's code came back although it had to go on.
    Returned,
    /// The student's code calls the same thing again and again without any progress.
    Spin,
    /// Time ran out, or everybody waits for somebody else.
    Deadline,
}

impl Kind {
    const ALL: [(Self, &str); 8] = [
        (Self::Value, "value"),
        (Self::Octets, "octets"),
        (Self::End, "end"),
        (Self::Error, "error"),
        (Self::Panic, "panic"),
        (Self::Returned, "returned"),
        (Self::Spin, "spin"),
        (Self::Deadline, "deadline"),
    ];

    #[cfg(test)]
    pub(crate) const ALL_WORDS: [&'static str; 8] = [
        "value", "octets", "end", "error", "panic", "returned", "spin", "deadline",
    ];

    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, word)| word)
    }

    /// The kind that a report's word means.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(kind, _)| *kind)
    }
}

/// Two things that should be equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// Two values, as text.
    Values {
        /// The value that is right.
        expected: String,
        /// The value that came.
        got: String,
    },
    /// Two runs of octets.
    Octets {
        /// The octets that are right.
        expected: Vec<u8>,
        /// The octets that came.
        got: Vec<u8>,
    },
}

/// A panic of the student's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// Whose code panicked: `your server`.
    pub who: String,
    /// What the panic said.
    pub message: String,
    /// Where: `exercise.rs:12`.
    pub place: String,
}

/// Why a check is not passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How it failed.
    pub kind: Kind,
    /// What tells this failure from others of its kind: the same in every run, so without ports,
    /// addresses and times. The runner compares it with those of the known mistakes.
    pub detail: String,
    /// The step that did not come true, as a sentence without a full stop.
    pub unmet: String,
    /// What was compared, if something was.
    pub compared: Option<Compared>,
    /// Who waits for what, if a deadline ended it: name and state.
    pub waiting: Vec<(String, String)>,
    /// The panic of the student's code, if there was one.
    pub panic: Option<Panic>,
}

impl Failure {
    /// A failure without more. If the student's code has panicked, that is the reason for whatever
    /// failed after it, and becomes the kind.
    pub fn new(kind: Kind, unmet: impl Into<String>, detail: impl Into<String>) -> Box<Self> {
        let panic = story::failed();
        let (kind, detail) = match &panic {
            Some(panic) => (Kind::Panic, without_digits(&panic.message)),
            None => (kind, detail.into()),
        };
        Box::new(Self {
            kind,
            detail,
            unmet: unmet.into(),
            compared: None,
            waiting: Vec::new(),
            panic,
        })
    }

    /// Two values that should be equal.
    pub fn values(unmet: impl Into<String>, expected: &impl Debug, got: &impl Debug) -> Box<Self> {
        let mut failure = Self::new(Kind::Value, unmet, shown(got));
        failure.detail = format!("{}: {}", failure.unmet, failure.detail);
        let (expected, got) = around_difference(&format!("{expected:?}"), &format!("{got:?}"));
        failure.compared = Some(Compared::Values { expected, got });
        failure
    }

    /// Two runs of octets that should be equal.
    pub fn octets(unmet: impl Into<String>, expected: &[u8], got: &[u8]) -> Box<Self> {
        let mut failure = Self::new(Kind::Octets, unmet, hex(&got[..got.len().min(256)]));
        failure.compared = Some(Compared::Octets {
            expected: expected.to_vec(),
            got: got.to_vec(),
        });
        failure
    }
}

/// So many characters of a value are shown.
const LONGEST: usize = 400;

/// The debug form, cut where nobody reads on.
pub(crate) fn shown(value: &impl Debug) -> String {
    cut(&format!("{value:?}"), LONGEST)
}

/// At most so many characters.
fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Of two long texts, what stands around the place where they begin to differ.
fn around_difference(one: &str, other: &str) -> (String, String) {
    let same = one
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let from = same.saturating_sub(LONGEST / 4);
    let part = |text: &str| {
        if same < LONGEST {
            return cut(text, LONGEST);
        }
        let rest: String = text.chars().skip(from).collect();
        format!("…{}", cut(&rest, LONGEST))
    };
    (part(one), part(other))
}

/// Octets as hexadecimal digits.
pub(crate) fn hex(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        let _ = write!(text, "{octet:02x}");
        text
    })
}

/// Lengths, indexes and error numbers differ from one student's panic to the next.
fn without_digits(message: &str) -> String {
    message
        .chars()
        .filter(|c| !c.is_ascii_digit())
        .take(120)
        .collect()
}
