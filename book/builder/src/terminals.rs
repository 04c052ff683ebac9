//! `{{#scene id}}`: the terminals of a scene, side by side.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scenes::scene::{Action, Scene};
use scenes::transcript::{Line, Span, SpanKind, Terminal, Transcript};

use crate::command::{Programs, value};
use crate::html::{self, NEWLINE};
use crate::moments;

/// The figure of a scene, on one line.
pub fn figure(scene: &Scene, transcript: &Transcript, programs: &Programs) -> String {
    let class = if transcript.terminals.len() > 1 {
        "scene wide"
    } else {
        "scene"
    };
    let mut html = format!(
        "<figure class=\"{class}\" id=\"scene-{}\" data-scene=\"{}\" data-script=\"{}\"{}>",
        html::slug(&scene.id),
        html::escape(&scene.id),
        html::escape(&moments::script(scene)),
        slots(scene)
    );
    for (name, content) in &scene.files {
        html.push_str(&file(name, content));
    }
    let _ = write!(
        html,
        "<div class=\"terminals\" data-terminals=\"{}\">",
        transcript.terminals.len()
    );
    let order = order(scene, transcript);
    let alone = transcript.terminals.len() == 1;
    let moments = moments::of(scene, transcript);
    for (shown, moments) in transcript.terminals.iter().zip(&moments) {
        let order = order.get(&shown.name).map_or(&[][..], Vec::as_slice);
        html.push_str(&terminal(shown, alone, order, moments, programs));
    }
    let _ = write!(html, "</div><figcaption>{}", html::caption(&scene.caption));
    if let Some(needs) = needs(scene) {
        let _ = write!(html, " <span class=\"needs\">{needs}</span>");
    }
    html.push_str("</figcaption></figure>");
    html
}

/// What a reader may put into the commands, and what stands there otherwise.
fn slots(scene: &Scene) -> String {
    if scene.slots.is_empty() {
        return String::new();
    }
    let slots = scene.slots.iter().map(|slot| (&slot.name, &slot.value));
    let slots = serde_json::json!(slots.collect::<Vec<_>>()).to_string();
    format!(" data-slots=\"{}\"", html::escape(&slots))
}

/// A file that exists when the scene starts.
fn file(name: &str, content: &str) -> String {
    let name = html::escape(name);
    format!(
        "<div class=\"terminal file\"><div class=\"terminal-name\">File <strong>{name}</strong></div>\
         <pre class=\"screen\" tabindex=\"0\" role=\"group\" aria-label=\"File {name}\">\
         <span class=\"text\">{}</span></pre></div>",
        html::escape(content)
    )
}

/// In which order the commands were started and the lines typed, from 1, over all terminals: one
/// number for each in a terminal, from top to bottom. Side by side, terminals do not show it.
///
/// Nothing if there is only one terminal, or if a transcript does not show each step once (a typed
/// line may be redrawn): a wrong number would be worse than none.
fn order(scene: &Scene, transcript: &Transcript) -> BTreeMap<String, Vec<usize>> {
    let mut order: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let done = scene.steps.iter().filter(|step| match &step.action {
        Action::Start(_) => true,
        // The transcript has no mark for Enter alone.
        Action::Type { text, .. } => !text.is_empty(),
        Action::See(_) | Action::Press(_) | Action::End(_) => false,
    });
    for (index, step) in done.enumerate() {
        let numbers = order.entry(step.terminal.clone()).or_default();
        numbers.push(index + 1);
    }
    let shown = |terminal: &Terminal| -> usize {
        let marks = terminal.lines.iter().map(|line| match line {
            Line::Command(_) => 1,
            Line::Output(spans) => spans.iter().filter(|span| was_typed(span)).count(),
            Line::Exit(_) => 0,
        });
        marks.sum()
    };
    let complete = transcript
        .terminals
        .iter()
        .all(|terminal| order.get(&terminal.name).map(Vec::len) == Some(shown(terminal)));
    if transcript.terminals.len() < 2 || !complete {
        order.clear();
    }
    order
}

fn was_typed(span: &Span) -> bool {
    span.kind == SpanKind::Typed && !span.text.is_empty()
}

/// The number of a step. It is drawn from the attribute, so nobody copies it with the text.
fn badge(number: Option<&usize>) -> String {
    number.map_or_else(String::new, |number| {
        format!("<span class=\"step\" data-step=\"{number}\" title=\"step {number} of the scene\"></span>")
    })
}

fn terminal(
    terminal: &Terminal,
    alone: bool,
    order: &[usize],
    moments: &[usize],
    programs: &Programs,
) -> String {
    let name = html::escape(&terminal.name);
    // The name tells terminals apart: a single one needs none.
    let (heading, label) = if alone {
        ("Terminal".to_owned(), "Terminal".to_owned())
    } else {
        (
            format!("Terminal <strong>{name}</strong>"),
            format!("Terminal {name}"),
        )
    };
    let mut html = format!(
        "<div class=\"terminal\" data-terminal=\"{name}\"><div class=\"terminal-name\">{heading}</div>\
         <pre class=\"screen\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\">"
    );
    let mut order = order.iter();
    for (index, line) in terminal.lines.iter().enumerate() {
        // Lines that come to be seen together: a replay shows them with this step.
        if index == 0 || moments[index] != moments[index - 1] {
            let end = if index == 0 { "" } else { "</span>" };
            let _ = write!(html, "{end}<span data-at=\"{}\">", moments[index]);
        }
        match line {
            Line::Command(command) => {
                let _ = write!(
                    html,
                    "<span class=\"command\" data-copy=\"{}\">{}<span class=\"sign\">$ </span>{}{NEWLINE}</span>",
                    html::escape(&programs.pasted(command)),
                    badge(order.next()),
                    programs.html(command)
                );
            }
            Line::Output(spans) => {
                let mut line = String::new();
                for span in spans {
                    line.push_str(&piece(span));
                    if was_typed(span) {
                        line.push_str(&badge(order.next()));
                    }
                }
                if flows(spans, terminal.lines.get(index + 1)) {
                    let _ = write!(html, "<span class=\"flow\">{line}{NEWLINE}</span>");
                } else {
                    html.push_str(&line);
                    html.push_str(NEWLINE);
                }
            }
            Line::Exit(0) => {}
            Line::Exit(code) => {
                let _ = write!(html, "<span class=\"exit\">{}{NEWLINE}</span>", exit(*code));
            }
        }
    }
    if !terminal.lines.is_empty() {
        html.push_str("</span>");
    }
    html.push_str("</pre></div>");
    html
}

/// May a line be broken where it is too long? Not if it has columns, or if the next line points at
/// something in it from below.
fn flows(spans: &[Span], next: Option<&Line>) -> bool {
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let columns = |text: &str| text.trim_end().contains("  ") || text.contains('\t');
    let pointed_at = match next {
        Some(Line::Output(spans)) => spans
            .first()
            .is_some_and(|span| span.text.starts_with("  ")),
        _ => false,
    };
    !text.is_empty() && !columns(&text) && !pointed_at
}

/// A text longer than this is shown by its beginning and its end.
const LONG: usize = 240;
/// How much of the beginning and of the end of a long text is shown.
const ENDS: (usize, usize) = (120, 60);

/// A text on the page. The middle of a very long one is left out, and the page says so.
fn shown(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONG {
        return html::escape(text);
    }
    let begin: String = text.chars().take(ENDS.0).collect();
    let end: String = text.chars().skip(length - ENDS.1).collect();
    format!(
        "{}<span class=\"left-out\"> … {} characters … </span>{}",
        html::escape(&begin),
        length - ENDS.0 - ENDS.1,
        html::escape(&end)
    )
}

fn piece(span: &Span) -> String {
    let text = match span.kind {
        SpanKind::Value => value(span.text.trim_matches(['{', '}'])),
        SpanKind::Plain => shown(&span.text),
        SpanKind::Typed if span.text.is_empty() => {
            "<kbd class=\"typed\" title=\"typed: Enter, with nothing before it\">⏎</kbd>".to_owned()
        }
        SpanKind::Typed => {
            format!(
                "<kbd class=\"typed\" title=\"typed\">{}</kbd>",
                shown(&span.text)
            )
        }
    };
    let classes = classes(&span.sgr);
    if classes.is_empty() {
        text
    } else {
        format!("<span class=\"{}\">{text}</span>", classes.join(" "))
    }
}

/// The classes for a terminal's SGR parameters (ECMA-48 §8.3.117, and the bright colours 90 to 107
/// that every terminal has). What has no class is shown plain.
fn classes(sgr: &str) -> Vec<String> {
    let mut classes = Vec::new();
    let mut parameters = sgr
        .split(';')
        .filter_map(|number| number.parse::<u8>().ok());
    while let Some(number) = parameters.next() {
        let class = match number {
            1 => "bold".to_owned(),
            2 => "faint".to_owned(),
            3 => "slanted".to_owned(),
            4 => "underlined".to_owned(),
            7 => "reverse".to_owned(),
            9 => "struck".to_owned(),
            30..=37 => format!("fg-{}", number - 30),
            90..=97 => format!("fg-{}", number - 90 + 8),
            40..=47 => format!("bg-{}", number - 40),
            100..=107 => format!("bg-{}", number - 100 + 8),
            38 | 48 => match parameters.next() {
                Some(5) => match parameters.next() {
                    Some(colour @ 0..=15) => {
                        format!("{}-{colour}", if number == 38 { "fg" } else { "bg" })
                    }
                    _ => continue,
                },
                Some(2) => {
                    parameters.nth(2);
                    continue;
                }
                _ => continue,
            },
            _ => continue,
        };
        classes.push(class);
    }
    classes
}

/// The end of a program that was not a success, in words.
fn exit(code: i32) -> String {
    let signal = match code {
        129 => " (SIGHUP: the terminal was closed)",
        130 => " (SIGINT: Ctrl-C)",
        137 => " (SIGKILL)",
        141 => " (SIGPIPE: nobody reads any more)",
        143 => " (SIGTERM)",
        _ => "",
    };
    format!("exit code {code}{signal}")
}

fn needs(scene: &Scene) -> Option<String> {
    let words: Vec<String> = scene.needs.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then(|| format!("Needs {}.", words.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_very_long_line_is_left_out() {
        assert_eq!(shown(&"é".repeat(240)), "é".repeat(240));
        let long = format!("{}<{}", "a".repeat(119), "b".repeat(1000));
        let page = shown(&long);
        assert!(
            page.starts_with(&format!("{}&lt;<span", "a".repeat(119))),
            "{page}"
        );
        assert!(page.contains(" … 940 characters … "), "{page}");
        assert!(page.ends_with(&"b".repeat(60)), "{page}");
    }

    #[test]
    fn sentences_flow_and_columns_stay() {
        let line = |text: &str| {
            Line::Output(vec![Span {
                text: text.to_owned(),
                kind: SpanKind::Plain,
                sgr: String::new(),
            }])
        };
        let flow = |text: &str, next: Option<&Line>| match line(text) {
            Line::Output(spans) => flows(&spans, next),
            _ => false,
        };
        assert!(flow("error: nobody is listening there", None));
        assert!(flow("one line", Some(&line("and one more"))));
        assert!(!flow("mask       255.255.255.192", None));
        assert!(!flow("a\tb", None));
        assert!(!flow(
            "256.1.1.1",
            Some(&line("  ^^^ too large for an octet"))
        ));
    }

    #[test]
    fn colours_become_classes() {
        assert_eq!(classes("1;32"), ["bold", "fg-2"]);
        assert_eq!(classes("97;41"), ["fg-15", "bg-1"]);
        assert_eq!(classes("38;5;9;4"), ["fg-9", "underlined"]);
        assert_eq!(classes("38;5;200;48;2;1;2;3;1"), ["bold"]);
        assert!(classes("").is_empty());
        assert!(classes("0;39;x").is_empty());
    }

    #[test]
    fn a_slot_and_its_value_are_told_to_the_page() {
        let scene = "# c\nslot word a\"b\na $ printf {word}\n";
        let shown = page(scene, "== a\n$ printf 'a\"b'\n");
        assert!(
            shown.contains("data-slots=\"[[&quot;word&quot;,&quot;a\\&quot;b&quot;]]\""),
            "{shown}"
        );
        assert!(!page("# c\na $ ls\n", "== a\n$ ls\n").contains("data-slots"));
    }

    fn page(scene: &str, transcript: &str) -> String {
        let scene = Scene::parse("00/x", std::path::Path::new("x.scene"), scene).unwrap();
        let transcript = Transcript::parse(transcript).unwrap();
        figure(&scene, &transcript, &Programs::default())
    }

    #[test]
    fn steps_are_numbered_over_all_terminals() {
        let scene = "# c\na $ cat\nb $ cat\nb > \nb > x\na > y\n";
        let steps = |page: &str| -> Vec<String> {
            let marks = page.split("data-step=\"").skip(1);
            marks.map(|mark| mark[..1].to_owned()).collect()
        };
        let shown = page(scene, "== a\n$ cat\n|«y»\n== b\n$ cat\n|\n|«x»\n|x\n");
        assert_eq!(steps(&shown), ["1", "4", "2", "3"]);
        let redrawn = page(scene, "== a\n$ cat\n|«y»\n== b\n$ cat\n|x\n");
        assert!(steps(&redrawn).is_empty(), "{redrawn}");
        let alone = page("# c\na $ cat\na > x\n", "== a\n$ cat\n|«x»\n");
        assert!(steps(&alone).is_empty(), "{alone}");
    }

    #[test]
    fn a_single_terminal_needs_no_name() {
        let alone = page("# c\none $ cat\n", "== one\n$ cat\n");
        assert!(alone.contains(">Terminal</div>"), "{alone}");
        assert!(!alone.contains(">one"), "{alone}");
    }
}
