//! Plays a scene: real programs, each in a terminal of its own, step by step.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::course;
use crate::folder::Folder;
use crate::pattern::{Found, Pattern};
use crate::ports::Ports;
use crate::program::{Bell, Program};
use crate::scene::{Action, Key, Scene, Step};
use crate::screen::ScreenLine;
use crate::tap::record;
use crate::transcript::{MARKS, Terminal, Transcript};
use crate::wire::Wires;
use crate::write_down::{Marks, write_down};

/// How long a step may wait for what it wants to see. Nothing waits this long unless it has failed;
/// it is long because a classroom's machine may be compiling at the same time.
pub const LIMIT: Duration = Duration::from_secs(20);

/// Plays the scene with the programs in `bin` and returns what it showed. `watch` is told each step
/// before it is done.
///
/// # Errors
/// When a step does not come true within `limit`: the message has the file, the line, the reason and
/// every terminal as it stands. When `watch` fails. All processes have been killed by then.
pub fn play(
    scene: &Scene,
    bin: &Path,
    limit: Duration,
    mut watch: impl FnMut(&Step) -> Result<()>,
) -> Result<Transcript> {
    let mut stage =
        Stage::set(scene, bin, limit).with_context(|| scene.file.display().to_string())?;
    for step in &scene.steps {
        watch(step)?;
        stage
            .step(step)
            .map_err(|error| stage.failure(step.line, &error))?;
    }
    let last = scene.steps.last().map_or(0, |step| step.line);
    stage.end().map_err(|error| stage.failure(last, &error))?;
    let kill = || stage.runs.iter().for_each(|run| run.program.kill());
    let mut wire = stage.wires.finish(kill)?;
    for text in wire.iter_mut().filter_map(|event| event.what.text_mut()) {
        *text = record::shorten(&stage.declared(text));
    }
    Ok(Transcript {
        terminals: stage.terminals(),
        wire,
    })
}

/// The terminals, the programs in them, and what is known of this run.
struct Stage<'a> {
    scene: &'a Scene,
    bin: &'a Path,
    limit: Duration,
    dir: PathBuf,
    ports: Ports,
    wires: Wires,
    /// Values that patterns have named, oldest first.
    values: Vec<(String, String)>,
    runs: Vec<Run<'a>>,
    bell: Arc<Bell>,
    /// Last, so that the programs are gone before their folder.
    _folder: Folder,
}

/// One program of a terminal.
struct Run<'a> {
    terminal: &'a str,
    command: String,
    program: Program,
    /// Where the next `?` starts to look: line, and octet in it.
    seen: (usize, usize),
    marks: Marks,
    checked: bool,
}

impl<'a> Stage<'a> {
    fn set(scene: &'a Scene, bin: &'a Path, limit: Duration) -> Result<Self> {
        let folder = Folder::create().context("cannot create the scene's folder")?;
        // macOS reaches its temporary folder through a link; programs print the real path.
        let dir = folder.path().canonicalize()?;
        let ports = Ports::reserve(&scene.ports, &scene.ports)?;
        let wires = Wires::reserve(&scene.wire, &scene.ports)?;
        if scene.course {
            course::hand_out(bin, &dir)?;
        }
        for (name, content) in &scene.files {
            folder
                .write(name, &ports.to_actual(content))
                .with_context(|| format!("cannot write the file `{name}`"))?;
        }
        let values = vec![("dir".to_owned(), dir.display().to_string())];
        Ok(Self {
            scene,
            bin,
            limit,
            dir,
            ports,
            wires,
            values,
            runs: Vec::new(),
            bell: Arc::default(),
            _folder: folder,
        })
    }

    fn step(&mut self, step: &'a Step) -> Result<()> {
        match &step.action {
            Action::Start(command) => self.start(&step.terminal, command),
            Action::Type { text, at_prompt } => {
                let text = self.fill(text);
                self.type_line(&step.terminal, &text, *at_prompt)
            }
            Action::See(pattern) => self.see(&step.terminal, pattern),
            Action::Press(key) => {
                if *key == Key::CtrlD && self.scene.prompt.is_some() {
                    self.await_prompt(&step.terminal)?;
                }
                self.run_mut(&step.terminal)?.program.press(*key)
            }
            Action::End(code) => self.await_end(&step.terminal, *code),
        }
    }

    fn start(&mut self, terminal: &'a str, command: &str) -> Result<()> {
        if self.run(terminal).is_ok_and(|run| !run.checked) {
            self.await_end(terminal, 0)?;
        }
        let command_line = self.fill(command);
        let actual = self
            .wires
            .starts(terminal, &command_line, &self.ports, self.limit)?;
        let actual = self.ports.to_actual(&actual);
        let program = Program::start(&actual, self.bin, &self.dir, &self.bell)?;
        self.runs.push(Run {
            terminal,
            command: command.to_owned(),
            program,
            seen: (0, 0),
            marks: Marks::default(),
            checked: false,
        });
        Ok(())
    }

    /// The program that runs, or ran last, in a terminal.
    fn run(&self, terminal: &str) -> Result<&Run<'a>> {
        let run = self.runs.iter().rev().find(|run| run.terminal == terminal);
        run.with_context(|| format!("no program has been started in {terminal}"))
    }

    fn run_mut(&mut self, terminal: &str) -> Result<&mut Run<'a>> {
        let run = self
            .runs
            .iter_mut()
            .rev()
            .find(|run| run.terminal == terminal);
        run.with_context(|| format!("no program has been started in {terminal}"))
    }

    /// What a program shows, in terms of the ports that the scene speaks of.
    fn lines(&self, run: &Run) -> Vec<ScreenLine> {
        let mut lines = run.program.screen().lines();
        for line in &mut lines {
            // As many digits as before, so the styles still fit.
            line.text = self.declared(&line.text);
        }
        lines
    }

    /// A text of this run with the ports that the scene speaks of.
    fn declared(&self, text: &str) -> String {
        self.wires.to_declared(&self.ports.to_declared(text))
    }

    fn type_line(&mut self, terminal: &str, text: &str, at_prompt: bool) -> Result<()> {
        if at_prompt && self.scene.prompt.is_some() {
            self.await_prompt(terminal)?;
        }
        let lines = self.lines(self.run(terminal)?);
        let at = (
            lines.len() - 1,
            lines.last().map_or(0, |line| line.text.len()),
        );
        let typed = self.ports.to_actual(text);
        let run = self.run_mut(terminal)?;
        run.marks.typed.push((at, text.to_owned()));
        // The terminal's echo of the line is not the program's answer.
        run.seen = (at.0, at.1 + text.len());
        run.program.type_octets(format!("{typed}\r").as_bytes())
    }

    /// Waits until the program asks for a line that nobody has typed yet.
    fn await_prompt(&self, terminal: &str) -> Result<()> {
        let Some(prompt) = &self.scene.prompt else {
            return Ok(());
        };
        let run = self.run(terminal)?;
        let after = run.marks.typed.last().map(|((line, _), _)| *line);
        let shown = self.watch(run, |_| {
            let lines = self.lines(run);
            let asks = lines
                .last()
                .is_some_and(|line| line.text.trim_end().ends_with(prompt));
            asks && Some(lines.len() - 1) > after
        });
        self.outcome(run, shown, &format!("the prompt `{prompt}`"))
    }

    fn see(&mut self, terminal: &str, pattern: &Pattern) -> Result<()> {
        let known = |name: &str| {
            self.values
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        };
        let matcher = pattern.compile(known)?;
        let run = self.run(terminal)?;
        let mut hit = None;
        let shown = self.watch(run, |ended| {
            let lines = self.lines(run);
            for (index, line) in lines.iter().enumerate().skip(run.seen.0) {
                let from = if index == run.seen.0 { run.seen.1 } else { 0 };
                let finished = ended || index + 1 < lines.len();
                if from <= line.text.len()
                    && let Some((end, found)) = matcher.find(&line.text, from, finished)
                {
                    hit = Some((index, end, found, line.text.clone()));
                    return true;
                }
            }
            false
        });
        self.outcome(run, shown, &format!("`{pattern}`"))?;
        let (index, end, found, text) = hit.context("the pattern was seen")?;
        for Found {
            name,
            measure,
            range,
        } in found
        {
            if measure {
                self.run_mut(terminal)?
                    .marks
                    .measures
                    .push((index, range, name));
            } else {
                self.values.push((name, text[range].to_owned()));
            }
        }
        self.run_mut(terminal)?.seen = (index, end);
        Ok(())
    }

    /// Waits until `seen` finds what it looks for on the program's screen; it is told whether the
    /// program has ended. Gives up when nothing more will be shown, or too much was.
    fn watch(&self, run: &Run, mut seen: impl FnMut(bool) -> bool) -> Option<bool> {
        self.bell.wait(self.limit, || {
            // Asked first: what is not on the screen of an ended program will not be.
            let ended = run.program.ended().is_some();
            let found = seen(ended);
            let over = ended || run.program.screen().overflowed();
            (found || over).then_some(found)
        })
    }

    /// `shown`: seen, or ended without it, or neither in time.
    fn outcome(&self, run: &Run, shown: Option<bool>, what: &str) -> Result<()> {
        if run.program.screen().overflowed() {
            bail!("{} printed more lines than a scene can show", run.terminal);
        }
        match shown {
            Some(true) => Ok(()),
            Some(false) => {
                let code = run.program.ended().unwrap_or_default();
                bail!(
                    "{} ended (exit code {code}) without showing {what}",
                    run.terminal
                )
            }
            None => bail!(
                "{} did not show {what} within {} s",
                run.terminal,
                self.limit.as_secs()
            ),
        }
    }

    fn await_end(&mut self, terminal: &str, expected: i32) -> Result<()> {
        let run = self.run(terminal)?;
        match self.bell.wait(self.limit, || run.program.ended()) {
            Some(code) if code == expected => {}
            Some(code) => bail!("{terminal} ended with exit code {code}, expected {expected}"),
            None => bail!("{terminal} did not end within {} s", self.limit.as_secs()),
        }
        self.outcome(run, Some(true), "")?;
        self.run_mut(terminal)?.checked = true;
        Ok(())
    }

    /// Every program whose end no step has waited for is expected to end well.
    fn end(&mut self) -> Result<()> {
        for terminal in self.scene.terminals() {
            if self.run(terminal).is_ok_and(|run| !run.checked) {
                self.await_end(terminal, 0)?;
            }
        }
        for run in &self.runs {
            for line in self.lines(run) {
                if let Some(mark) = line.text.chars().find(|ch| MARKS.contains(ch)) {
                    bail!(
                        "{} shows {mark}, which has a meaning in transcripts: `{}`",
                        run.terminal,
                        line.text
                    );
                }
            }
        }
        Ok(())
    }

    /// `{name}` replaced by what an earlier pattern found.
    fn fill(&self, text: &str) -> String {
        self.values
            .iter()
            .fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }

    fn terminals(&self) -> Vec<Terminal> {
        let mut terminals = Vec::new();
        for name in self.scene.terminals() {
            let mut terminal = Terminal {
                name: name.to_owned(),
                lines: Vec::new(),
            };
            for run in self.runs.iter().filter(|run| run.terminal == name) {
                let lines = self.lines(run);
                let code = run.program.ended().unwrap_or_default();
                write_down(
                    &mut terminal.lines,
                    &run.command,
                    &lines,
                    &run.marks,
                    &self.values,
                    code,
                );
            }
            terminals.push(terminal);
        }
        terminals
    }

    fn failure(&self, line: usize, error: &anyhow::Error) -> anyhow::Error {
        let so_far = Transcript {
            terminals: self.terminals(),
            wire: Vec::new(),
        };
        anyhow!(
            "{}:{line}: {error:#}\n\nThe terminals as they stood:\n{so_far}",
            self.scene.file.display()
        )
    }
}
