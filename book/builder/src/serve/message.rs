//! What a page and the server say to each other about a run. JSON, one message a value.

use std::collections::BTreeMap;

use axum::extract::ws::Message;
use scenes::live::{End, Event};
use serde::{Deserialize, Serialize};

use crate::command::Programs;

/// Longest message of a page, in octets.
pub(super) const LONGEST: usize = 8 * 1024;

/// From the page.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum FromPage {
    /// First, and once.
    Run(Wish),
    /// Do the step that waits.
    Next,
    /// Wait before no further step.
    Play,
    TakeOver,
    Type {
        terminal: usize,
        text: String,
    },
    /// Start the command of this step.
    Start(usize),
    Stop,
}

/// What is to be played, and how.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    /// The scene's id.
    pub scene: String,
    /// Wait before each step.
    #[serde(default)]
    pub step: bool,
    /// What to put into slots.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
}

/// To the page.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ToPage {
    /// A line of cargo.
    Building(String),
    /// Seconds that it took.
    Built(f64),
    Terminals(Vec<String>),
    /// Each port that the scene speaks of, and the one that this run uses.
    Ports(Vec<(u16, u16)>),
    Waiting(usize),
    Step(usize),
    Done(usize),
    Started {
        terminal: usize,
        command: String,
        /// The command as a reader types it.
        typed: String,
    },
    Ended {
        terminal: usize,
        code: i32,
    },
    Taken(bool),
    Over(&'static str),
    Failed(String),
    Refused(String),
}

impl ToPage {
    pub(super) fn message(&self) -> Message {
        // A value of these types always has a form in JSON.
        Message::text(serde_json::to_string(self).unwrap_or_default())
    }
}

/// What happened, as a message. Output is binary: the terminal's index, then the octets.
pub(super) fn of_event(event: Event, programs: &Programs) -> Message {
    let said = match event {
        Event::Ports(ports) => ToPage::Ports(ports),
        Event::Waiting(step) => ToPage::Waiting(step),
        Event::Step(step) => ToPage::Step(step),
        Event::Done(step) => ToPage::Done(step),
        Event::Started { terminal, command } => ToPage::Started {
            terminal,
            typed: programs.pasted(&command),
            command,
        },
        Event::Ended { terminal, code } => ToPage::Ended { terminal, code },
        Event::Taken => ToPage::Taken(true),
        Event::Output { terminal, octets } => {
            let mut message = vec![u8::try_from(terminal).unwrap_or(u8::MAX)];
            message.extend(octets);
            return Message::binary(message);
        }
    };
    said.message()
}

impl From<End> for ToPage {
    fn from(end: End) -> Self {
        match end {
            End::Played => Self::Over("played"),
            End::Stopped => Self::Over("stopped"),
            End::Failed(why) => Self::Failed(sentence(&why)),
        }
    }
}

/// An error as the page says it: it begins with a capital letter, and one line ends with a full stop.
pub(super) fn sentence(why: &str) -> String {
    let mut rest = why.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    let mut said: String = first.chain(rest).collect();
    if !said.contains('\n') && !said.ends_with(['.', '!', '?']) {
        said.push('.');
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_as_the_page_writes_them() {
        let read = |text: &str| serde_json::from_str::<FromPage>(text).unwrap();
        let wish = r#"{"run":{"scene":"a/b","step":true,"values":{"x":"1"}}}"#;
        assert_eq!(
            read(wish),
            FromPage::Run(Wish {
                scene: "a/b".to_owned(),
                step: true,
                values: [("x".to_owned(), "1".to_owned())].into(),
            })
        );
        assert_eq!(read(r#""next""#), FromPage::Next);
        assert_eq!(read(r#""take-over""#), FromPage::TakeOver);
        assert_eq!(read(r#"{"start":7}"#), FromPage::Start(7));
        let typed = FromPage::Type {
            terminal: 0,
            text: "hello\r".to_owned(),
        };
        assert_eq!(read(r#"{"type":{"terminal":0,"text":"hello\r"}}"#), typed);
        for wrong in [
            "",
            "next",
            "null",
            r#""dance""#,
            r#"{"start":-1}"#,
            r#"{"type":{"terminal":0}}"#,
            r#"{"run":{}}"#,
            r#"{"run":{"scene":"a/b","rm":1}}"#,
            r#"{"start":1,"stop":2}"#,
        ] {
            assert!(serde_json::from_str::<FromPage>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn each_message_has_one_key() {
        let written = |said: ToPage| serde_json::to_string(&said).unwrap();
        assert_eq!(written(ToPage::Built(1.5)), r#"{"built":1.5}"#);
        assert_eq!(written(ToPage::Taken(true)), r#"{"taken":true}"#);
        assert_eq!(
            written(ToPage::Ended {
                terminal: 1,
                code: 130
            }),
            r#"{"ended":{"terminal":1,"code":130}}"#
        );
        assert_eq!(
            written(ToPage::Ports(vec![(8080, 5679)])),
            r#"{"ports":[[8080,5679]]}"#
        );
        let bytes = Event::Output {
            terminal: 2,
            octets: vec![0, 255],
        };
        let output = of_event(bytes, &Programs::default());
        assert_eq!(output, Message::binary(vec![2, 0, 255]));
    }

    #[test]
    fn errors_are_said_as_sentences() {
        for (why, said) in [
            ("write something", "Write something."),
            ("It ran for 10 minutes.", "It ran for 10 minutes."),
            ("expected a\n  got b", "Expected a\n  got b"),
            ("`x` is not here", "`x` is not here."),
            ("été?", "Été?"),
        ] {
            assert_eq!(sentence(why), said);
        }
    }
}
