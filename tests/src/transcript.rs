//! What a scene showed: the text of each terminal, and what crossed the wire.
//!
//! The written form is what stands in the snapshot. It is made to be read in a review, and it holds
//! all that the book needs to draw the terminals. `tests/README.md` describes it.

use std::fmt::{self, Display, Write as _};

use anyhow::{Context, Result, bail};

mod wire;

pub use wire::{WireEvent, WireKind};

/// Everything one run of a scene showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The terminals, in the order in which the scene first names them.
    pub terminals: Vec<Terminal>,
    /// What crossed the tapped ports, in order. Empty if the scene has no `wire` line.
    pub wire: Vec<WireEvent>,
}

/// One terminal of a scene.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Its name in the scene file.
    pub name: String,
    /// What it showed, from top to bottom.
    pub lines: Vec<Line>,
}

/// One line of a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A command, as it was typed at the shell's prompt.
    Command(String),
    /// A line on the screen: output, and what was typed into the program.
    Output(Vec<Span>),
    /// The exit code of the program above. Zero is not written.
    Exit(i32),
}

/// A piece of a line in which everything looks alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The characters, or the name of a [`SpanKind::Value`].
    pub text: String,
    /// Where they come from.
    pub kind: SpanKind,
    /// The terminal's SGR parameters, such as `1;32`; empty for plain text (ECMA-48 §8.3.117).
    pub sgr: String,
}

/// Where a piece of a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// Printed by the program, the same in every run.
    Plain,
    /// Typed by the person at the terminal.
    Typed,
    /// Printed by the program, and different in every run; the text is its name.
    Value,
}

const TYPED: (char, char) = ('«', '»');
const VALUE: (char, char) = ('⟨', '⟩');
const SGR: (char, char) = ('‹', '›');

/// The characters that have a meaning in the written form, and so may not stand in a program's output.
pub const MARKS: [char; 6] = [TYPED.0, TYPED.1, VALUE.0, VALUE.1, SGR.0, SGR.1];

impl Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for terminal in &self.terminals {
            writeln!(f, "== {}", terminal.name)?;
            for line in &terminal.lines {
                writeln!(f, "{line}")?;
            }
        }
        if !self.wire.is_empty() {
            writeln!(f, "== wire")?;
            for event in &self.wire {
                writeln!(f, "{event}")?;
            }
        }
        Ok(())
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Command(command) => write!(f, "$ {command}"),
            Line::Exit(code) => write!(f, "[exit {code}]"),
            Line::Output(spans) => {
                // A bar keeps trailing spaces visible and tells output from what stands around it.
                f.write_char('|')?;
                for span in spans {
                    if !span.sgr.is_empty() {
                        write!(f, "{}{}{}", SGR.0, span.sgr, SGR.1)?;
                    }
                    match span.kind {
                        SpanKind::Plain => f.write_str(&span.text)?,
                        SpanKind::Typed => write!(f, "{}{}{}", TYPED.0, span.text, TYPED.1)?,
                        SpanKind::Value => write!(f, "{}{}{}", VALUE.0, span.text, VALUE.1)?,
                    }
                    if !span.sgr.is_empty() {
                        write!(f, "{}0{}", SGR.0, SGR.1)?;
                    }
                }
                Ok(())
            }
        }
    }
}

impl Transcript {
    /// Reads the written form back, with or without insta's header before it.
    ///
    /// # Errors
    /// When a line is none of those that [`Display`] writes.
    pub fn parse(text: &str) -> Result<Self> {
        let body = match text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
        {
            Some((_, body)) => body,
            None => text,
        };
        let mut transcript = Self::default();
        let mut in_wire = false;
        let mut pause = None;
        for line in body.lines() {
            if let Some(name) = line.strip_prefix("== ") {
                in_wire = name == "wire";
                if !in_wire {
                    transcript.terminals.push(Terminal {
                        name: name.to_owned(),
                        lines: Vec::new(),
                    });
                }
            } else if in_wire && line.starts_with(wire::PAUSE) {
                pause = Some(wire::parse_pause(line)?);
            } else if in_wire {
                let event = wire::parse_event(line)?;
                transcript.wire.push(WireEvent {
                    pause: pause.take(),
                    ..event
                });
            } else if !line.is_empty() {
                let parsed = parse_line(line)?;
                match transcript.terminals.last_mut() {
                    Some(terminal) => terminal.lines.push(parsed),
                    None => bail!("{line:?} stands before the first `== terminal`"),
                }
            }
        }
        Ok(transcript)
    }
}

fn parse_line(line: &str) -> Result<Line> {
    if let Some(command) = line.strip_prefix("$ ") {
        return Ok(Line::Command(command.to_owned()));
    }
    if let Some(code) = line
        .strip_prefix("[exit ")
        .and_then(|rest| rest.strip_suffix(']'))
    {
        let code = code
            .parse()
            .with_context(|| format!("{line:?} has no exit code"))?;
        return Ok(Line::Exit(code));
    }
    let Some(output) = line.strip_prefix('|') else {
        bail!("{line:?} is neither `$ command` nor `|output` nor `[exit N]`");
    };
    let mut spans: Vec<Span> = Vec::new();
    let mut kind = SpanKind::Plain;
    let mut sgr = String::new();
    let mut text = String::new();
    let mut chars = output.chars();
    while let Some(ch) = chars.next() {
        if !MARKS.contains(&ch) {
            text.push(ch);
            continue;
        }
        // An empty typed line is a span too: the book shows that Enter was pressed.
        if !text.is_empty() || kind == SpanKind::Typed {
            spans.push(Span {
                text: std::mem::take(&mut text),
                kind,
                sgr: sgr.clone(),
            });
        }
        kind = SpanKind::Plain;
        if ch == TYPED.0 {
            kind = SpanKind::Typed;
        } else if ch == VALUE.0 {
            kind = SpanKind::Value;
        } else if ch == SGR.0 {
            sgr = chars.by_ref().take_while(|&c| c != SGR.1).collect();
            if sgr == "0" {
                sgr.clear();
            }
        }
    }
    if !text.is_empty() {
        spans.push(Span { text, kind, sgr });
    }
    Ok(Line::Output(spans))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(pause: Option<u32>, what: WireKind) -> WireEvent {
        WireEvent {
            from: "client".into(),
            to: "server".into(),
            pause,
            what,
        }
    }

    fn span() -> impl Strategy<Value = Span> {
        let kind = prop_oneof![
            Just(SpanKind::Plain),
            Just(SpanKind::Typed),
            Just(SpanKind::Value)
        ];
        (
            "[a-z0-9 |$\\[{好é]{1,8}",
            kind,
            prop_oneof![Just(""), Just("1;32"), Just("36")],
        )
            .prop_map(|(text, kind, sgr)| Span {
                text,
                kind,
                sgr: sgr.to_owned(),
            })
    }

    fn line() -> impl Strategy<Value = Line> {
        prop_oneof![
            "[a-z][a-z -]{0,9}".prop_map(Line::Command),
            (1..=255).prop_map(Line::Exit),
            proptest::collection::vec(span(), 0..5).prop_map(|mut spans| {
                // Two alike neighbours are one piece, and are read back as one.
                spans.dedup_by(|b, a| {
                    let alike = a.kind == SpanKind::Plain && b.kind == a.kind && b.sgr == a.sgr;
                    if alike {
                        a.text.push_str(&b.text);
                    }
                    alike
                });
                for span in &mut spans {
                    span.sgr.truncate(if span.sgr.is_empty() { 0 } else { 4 });
                }
                Line::Output(spans)
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(lines in proptest::collection::vec(line(), 0..6)) {
            let transcript = Transcript {
                terminals: vec![Terminal { name: "client".into(), lines }],
                wire: vec![
                    event(None, WireKind::Open),
                    event(None, WireKind::Data { octets: 7, text: "a\\n\\\"b: ".into() }),
                    event(Some(100), WireKind::Eof),
                    event(None, WireKind::Reset),
                    event(None, WireKind::Datagram { octets: 0, text: String::new(), lost: false }),
                    event(None, WireKind::Datagram { octets: 3, text: "a\"".into(), lost: true }),
                    event(None, WireKind::Datagram { octets: 13, text: "\", lost there".into(), lost: false }),
                    event(Some(1), WireKind::Unreachable),
                ],
            };
            let header = format!("---\nsource: x\n---\n{transcript}");
            prop_assert_eq!(&Transcript::parse(&transcript.to_string()).unwrap(), &transcript);
            prop_assert_eq!(&Transcript::parse(&header).unwrap(), &transcript);
        }
    }

    #[test]
    fn a_line_of_no_known_form_is_refused() {
        let error = Transcript::parse("== a\nhello").unwrap_err().to_string();
        assert!(error.contains("\"hello\""), "{error}");
        assert!(Transcript::parse("|before any terminal").is_err());
        assert!(Transcript::parse("== wire\nclient - server").is_err());
        assert!(Transcript::parse("== wire\npause of some ms or more").is_err());
        assert!(Transcript::parse("== wire\na -> b: datagram of 3 octets").is_err());
    }
}
