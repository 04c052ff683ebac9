//! When each line of a scene's terminals comes to be seen: the page replays a record in this order.

use scenes::scene::{Action, Key, Scene, Step};
use scenes::transcript::{Line, SpanKind, Terminal, Transcript};

/// For each terminal of the transcript, and each of its lines, the number of the step (from 0) with which
/// the line is complete.
///
/// A transcript says in which order the lines of one terminal came; what stood in the other terminals
/// meanwhile is worked out from the steps. A step that cannot be found again leaves its lines to the
/// next one: they come later than in the run, never earlier.
pub fn of(scene: &Scene, transcript: &Transcript) -> Vec<Vec<usize>> {
    let mut shown: Vec<Shown> = transcript.terminals.iter().map(Shown::new).collect();
    for (number, step) in scene.steps.iter().enumerate() {
        let in_terminal = |shown: &&mut Shown| shown.terminal.name == step.terminal;
        if let Some(shown) = shown.iter_mut().find(in_terminal) {
            shown.step(number, &step.action);
        }
    }
    let last = scene.steps.len().saturating_sub(1);
    for shown in &mut shown {
        shown.up_to(shown.terminal.lines.len(), last);
    }
    shown.into_iter().map(|shown| shown.moments).collect()
}

/// A terminal, and what of it has been seen so far.
struct Shown<'a> {
    terminal: &'a Terminal,
    /// A step for each line that has been seen.
    moments: Vec<usize>,
    /// Where the next pattern begins to look: line, and octet in it.
    from: (usize, usize),
}

impl<'a> Shown<'a> {
    fn new(terminal: &'a Terminal) -> Self {
        Self {
            terminal,
            moments: Vec::new(),
            from: (0, 0),
        }
    }

    fn step(&mut self, number: usize, action: &Action) {
        match action {
            Action::Start(_) => {
                if let Some(at) = self.next(|line| matches!(line, Line::Command(_))) {
                    self.up_to(at, number.saturating_sub(1));
                    self.up_to(at + 1, number);
                    self.from = (at + 1, 0);
                }
            }
            Action::Type { text, .. } => {
                let found = self.next(|line| match line {
                    Line::Output(spans) => spans
                        .iter()
                        .any(|span| span.kind == SpanKind::Typed && span.text == *text),
                    Line::Command(_) | Line::Exit(_) => false,
                });
                if let Some(at) = found {
                    self.up_to(at + 1, number);
                    self.from = self.from.max((at + 1, 0));
                }
            }
            Action::See(pattern) => {
                // A value that an earlier step has named is any word here.
                let Ok(matcher) = pattern.compile(|_| None) else {
                    return;
                };
                let lines = self.terminal.lines.iter().enumerate().skip(self.from.0);
                for (at, line) in lines {
                    let text = match line {
                        Line::Output(_) => text(line),
                        // What follows belongs to the next program.
                        Line::Command(_) => return,
                        Line::Exit(_) => continue,
                    };
                    let from = if at == self.from.0 { self.from.1 } else { 0 };
                    if from <= text.len()
                        && let Some((end, _)) = matcher.find(&text, from, true)
                    {
                        self.up_to(at + 1, number);
                        self.from = (at, end);
                        return;
                    }
                }
            }
            Action::Press(_) => {}
            Action::End(_) => {
                let next = self.next(|line| matches!(line, Line::Command(_)));
                self.up_to(next.unwrap_or(self.terminal.lines.len()), number);
            }
        }
    }

    /// The first line like this that has not been seen.
    fn next(&self, like: impl Fn(&Line) -> bool) -> Option<usize> {
        let unseen = self.terminal.lines.iter().enumerate();
        let mut unseen = unseen.skip(self.moments.len());
        unseen.find(|(_, line)| like(line)).map(|(at, _)| at)
    }

    /// All lines before this one have been seen with step `number` at the latest.
    fn up_to(&mut self, line: usize, number: usize) {
        if self.moments.len() < line {
            self.moments.resize(line, number);
        }
    }
}

fn text(line: &Line) -> String {
    match line {
        Line::Output(spans) => spans.iter().map(|span| span.text.as_str()).collect(),
        Line::Command(_) | Line::Exit(_) => String::new(),
    }
}

/// The steps for the page: JSON, a terminal's number, a sign and a text for each.
pub fn script(scene: &Scene) -> String {
    let names = scene.terminals();
    let step = |step: &Step| {
        let terminal = names.iter().position(|name| *name == step.terminal);
        let (sign, text) = match &step.action {
            Action::Start(command) => (
                "$",
                scenes::slot::fill(command, &scene.slots, str::to_owned),
            ),
            Action::Type { text, .. } => (">", shortened(text)),
            // How a scene marks a measurement is nothing for a reader.
            Action::See(pattern) => ("?", pattern.to_string().replace("{~", "{")),
            Action::Press(key) => ("!", name(*key).to_owned()),
            Action::End(code) => ("=", code.to_string()),
        };
        (terminal.unwrap_or_default(), sign, text)
    };
    let steps: Vec<_> = scene.steps.iter().map(step).collect();
    serde_json::json!(steps).to_string()
}

/// A line that is too long to be read: its beginning.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

/// What a key does, for a reader.
fn name(key: Key) -> &'static str {
    match key {
        Key::CtrlC => "Ctrl-C",
        Key::CtrlD => "Ctrl-D",
        Key::Close => "the window is closed (SIGHUP)",
        Key::Kill => "killed (SIGKILL)",
        Key::Terminate => "asked to end (SIGTERM)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(scene: &str, transcript: &str) -> Vec<Vec<usize>> {
        let scene = Scene::parse("00/x", std::path::Path::new("x.scene"), scene).unwrap();
        of(&scene, &Transcript::parse(transcript).unwrap())
    }

    #[test]
    fn a_line_is_seen_with_the_step_that_waits_for_it() {
        let scene = "# c\na $ cat\na ? up on {port}\nb $ cat\nb > hello\na ? hello\na > yes\nb ? yes\n\
                     b = 0\na = 3\n";
        let shown = moments(
            scene,
            "== a\n$ cat\n|up on ⟨port⟩\n|hello\n|«yes»\n|end\n[exit 3]\n== b\n$ cat\n|«hello»\n|yes\n|end\n",
        );
        assert_eq!(shown, [vec![0, 1, 4, 5, 8, 8], vec![2, 3, 6, 7]]);
    }

    #[test]
    fn what_a_program_says_before_the_next_one_starts_is_seen_before_it() {
        let scene = "# c\na $ ls\nb $ ls\na $ ls\n";
        let shown = moments(scene, "== a\n$ ls\n|one\n$ ls\n|two\n== b\n$ ls\n");
        assert_eq!(shown, [vec![0, 1, 2, 2], vec![1]]);
    }

    #[test]
    fn what_cannot_be_found_again_comes_later() {
        let scene = "# c\na $ cat\na ? gone\na > x\na = 0\n";
        assert_eq!(moments(scene, "== a\n$ cat\n|here\n|x\n"), [vec![0, 3, 3]]);
    }

    #[test]
    fn every_step_is_in_the_script() {
        let scene =
            "# c\nb $ cat\na $ ls \"x y\"\nb > hi\nb ? h {~rest}\nb > {é*61}\nb ! ctrl-d\na = 2\n";
        let scene = Scene::parse("00/x", std::path::Path::new("x.scene"), scene).unwrap();
        insta::assert_snapshot!(script(&scene), @r#"[[0,"$","cat"],[1,"$","ls \"x y\""],[0,">","hi"],[0,"?","h {rest}"],[0,">","éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé…"],[0,"!","Ctrl-D"],[1,"=","2"]]"#);
    }
}
