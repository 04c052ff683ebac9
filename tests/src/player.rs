//! Plays a scene: real programs, each in a terminal of its own, step by step.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::course;
use crate::folder::{Folder, Use};
use crate::live::{Remote, Tell};
use crate::ports::Ports;
use crate::program::{Bell, Launch, Program};
use crate::scene::{Action, Key, Scene, Step};
use crate::screen::ScreenLine;
use crate::tap::record;
use crate::transcript::{MARKS, Terminal, Transcript};
use crate::wire::Wires;
use crate::write_down::{Marks, write_down};

mod audience;
mod wait;

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
        Stage::set(scene, bin, limit, None).with_context(|| scene.file.display().to_string())?;
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
pub(crate) struct Stage<'a> {
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
    /// Who steers a live run, and who hears of it.
    audience: Option<Audience>,
    /// Last, so that the programs are gone before their folder.
    _folder: Folder,
}

/// Who watches a live run.
pub(crate) type Audience = (Arc<Remote>, Tell);

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
    pub(crate) fn set(
        scene: &'a Scene,
        bin: &'a Path,
        limit: Duration,
        audience: Option<Audience>,
    ) -> Result<Self> {
        let folder = Folder::create(Use::Scene).context("cannot create the scene's folder")?;
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
            bell: audience
                .as_ref()
                .map_or_else(Arc::default, |(remote, _)| Arc::clone(remote.bell())),
            audience,
            _folder: folder,
        })
    }

    pub(crate) fn step(&mut self, step: &'a Step) -> Result<()> {
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
                self.run(&step.terminal)?.program.press(*key)
            }
            Action::End(code) => self.await_end(&step.terminal, *code),
        }
    }

    fn start(&mut self, terminal: &'a str, command: &str) -> Result<()> {
        if self.run(terminal).is_ok_and(|run| !run.checked) {
            self.await_end(terminal, 0)?;
        }
        self.launch(terminal, command)
    }

    /// Starts a command, whatever ran in the terminal before.
    pub(crate) fn launch(&mut self, terminal: &'a str, command: &str) -> Result<()> {
        let command_line = self.fill(command);
        let actual = self
            .wires
            .starts(terminal, &command_line, &self.ports, self.limit)?;
        let actual = self.ports.to_actual(&actual);
        let slots = &self.scene.slots;
        let program = Program::start(Launch {
            command: &actual,
            slots,
            bin: self.bin,
            dir: &self.dir,
            bell: &self.bell,
            seat: self.seat(terminal),
        })?;
        self.runs.push(Run {
            terminal,
            command: self.scene.shown(command),
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

    /// Each port that the scene speaks of, and the one that this run uses in its place.
    pub(crate) fn ports(&self) -> Vec<(u16, u16)> {
        self.ports.pairs()
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
        run.program.type_octets(format!("{typed}\r").as_bytes())?;
        self.await_typed(terminal)
    }

    fn end(&mut self) -> Result<()> {
        self.await_all()?;
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
