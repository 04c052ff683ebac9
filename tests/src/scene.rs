//! The scene file: what is played, and in which order. `tests/README.md` describes the format.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

mod step;

pub use step::{Action, Key, Step};
use step::{is_name, parse_action};

use crate::needs::Need;
use crate::pattern::is_value_name;
use crate::program::has_shell_sign;
use crate::slot::{self, Slot};
use crate::wire;

/// One scene, read and checked.
#[derive(Debug, Clone)]
pub struct Scene {
    /// `<lesson>/<name>`, such as `04-tcp-chat/turn-taking`.
    pub id: String,
    /// Where it stands.
    pub file: PathBuf,
    /// The first comment: what the reader is about to see.
    pub caption: String,
    /// Ports that the scene speaks of.
    pub ports: Vec<u16>,
    /// The prompt that the programs print when they want a line.
    pub prompt: Option<String>,
    /// Files that exist when the scene starts: name and content.
    pub files: Vec<(String, String)>,
    /// The declared ports whose traffic is recorded.
    pub wire: wire::Plan,
    /// The scene's folder is the course, as students get it.
    pub course: bool,
    /// What the machine must have for the scene to run.
    pub needs: Vec<Need>,
    /// Places in the commands that the reader of the page may fill.
    pub slots: Vec<Slot>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

impl Scene {
    /// Reads a scene file.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is wrong: the message has file, line and what was
    /// expected there.
    pub fn read(file: &Path) -> Result<Self> {
        let octets = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let text = std::str::from_utf8(&octets).map_err(|error| {
            let before = &octets[..error.valid_up_to()];
            let line = before.split(|octet| *octet == b'\n').count();
            anyhow!(
                "{}:{line}: expected UTF-8 text, found the octet {:#04x}",
                file.display(),
                octets[before.len()]
            )
        })?;
        let lesson = file
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        Self::parse(&format!("{lesson}/{name}"), file, text)
    }

    /// Reads the text of a scene. `file` is named in error messages.
    ///
    /// # Errors
    /// As [`Scene::read`].
    pub fn parse(id: &str, file: &Path, text: &str) -> Result<Self> {
        let mut scene = Self {
            id: id.to_owned(),
            file: file.to_owned(),
            caption: String::new(),
            ports: Vec::new(),
            prompt: None,
            files: Vec::new(),
            wire: wire::Plan::default(),
            course: false,
            needs: Vec::new(),
            slots: Vec::new(),
            steps: Vec::new(),
        };
        let mut caption_open = true;
        // Some editors put a byte order mark before the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            scene
                .line(number, line, &mut caption_open)
                .with_context(|| format!("{}:{number}: {line}", file.display()))?;
        }
        if let Err((line, expected)) = scene.check() {
            bail!("{}:{line}: {expected}", file.display());
        }
        Ok(scene)
    }

    fn line(&mut self, number: usize, line: &str, caption_open: &mut bool) -> Result<()> {
        if let Some(comment) = line.strip_prefix('#') {
            if *caption_open {
                if !self.caption.is_empty() {
                    self.caption.push(' ');
                }
                self.caption.push_str(comment.trim());
            }
            return Ok(());
        }
        *caption_open = false;
        if let Some(content) = line.strip_prefix('|') {
            let Some((_, file)) = self.files.last_mut() else {
                bail!("expected `file NAME` before a line of its content");
            };
            file.push_str(content.strip_prefix(' ').unwrap_or(content));
            file.push('\n');
            return Ok(());
        }
        if line.trim().is_empty() {
            return Ok(());
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (sign, argument) = rest.split_once(' ').unwrap_or((rest, ""));
        if let Some(action) = parse_action(sign, argument)? {
            if !is_name(word) {
                bail!("expected a terminal's name (a-z, 0-9, -), found `{word}`");
            }
            if word == "wire" {
                bail!("a terminal may not be called `wire`: the snapshot uses that word");
            }
            self.steps.push(Step {
                line: number,
                terminal: word.to_owned(),
                action,
            });
            return Ok(());
        }
        if line.contains('\t') {
            bail!("expected spaces between the words, found a tab");
        }
        if !self.steps.is_empty() {
            bail!(
                "expected `terminal sign …` with one of the signs $ > >> ? ! = \
                 (`port`, `prompt`, `file`, `wire`, `pause`, `course`, `needs` and `slot` stand before the first step)"
            );
        }
        self.directive(word, rest)
    }

    fn directive(&mut self, word: &str, rest: &str) -> Result<()> {
        let rest = rest.trim();
        match word {
            "port" if !rest.is_empty() => {
                for port in rest.split_whitespace() {
                    let port: u16 = port
                        .parse()
                        .ok()
                        .filter(|&port| port >= 1000)
                        .with_context(|| {
                            format!("expected a port from 1000 to 65535, found `{port}`")
                        })?;
                    if self.ports.contains(&port) {
                        bail!("expected each port once, found {port} twice");
                    }
                    self.ports.push(port);
                }
            }
            "prompt" if !rest.is_empty() => once(&mut self.prompt, word, rest.to_owned())?,
            "file" if !rest.is_empty() => {
                if rest.contains('/') || rest == "." || rest == ".." {
                    bail!("expected a file's name without a folder, found `{rest}`");
                }
                if self.files.iter().any(|(name, _)| name == rest) {
                    bail!("expected each file once, found `{rest}` twice");
                }
                self.files.push((rest.to_owned(), String::new()));
            }
            "wire" => {
                if !self.wire.wires.is_empty() {
                    bail!("expected one `wire` line, found a second one");
                }
                self.wire.wires = wire::parse(rest, &self.ports)?;
            }
            "pause" => {
                let pause = rest.parse().ok().filter(|_| !self.wire.wires.is_empty());
                let pause = pause.context("expected milliseconds, and a `wire` line above")?;
                once(&mut self.wire.pause, word, pause)?;
            }
            "course" if rest.is_empty() => self.course = true,
            "needs" if !rest.is_empty() => {
                for need in rest.split_whitespace() {
                    self.needs.push(match need {
                        "linux" => Need::Linux,
                        "unix" => Need::Unix,
                        "ipv6" => Need::Ipv6,
                        "multicast" => Need::Multicast,
                        "root" => Need::Root,
                        "namespaces" => Need::Namespaces,
                        _ => bail!("expected linux, unix, ipv6, multicast, root or namespaces, found `{need}`"),
                    });
                }
            }
            "slot" if !rest.is_empty() => self.slots.push(self.slot(rest)?),
            _ => bail!(
                "expected `port N`, `prompt TEXT`, `file NAME`, `wire N`, `pause MS`, `course`, `needs WORD`, \
                 `slot NAME VALUE`, \
                 a comment, or a step such as `server $ command`"
            ),
        }
        Ok(())
    }

    /// What can only be judged when the whole file has been read: the line, and what was expected
    /// there.
    fn check(&self) -> Result<(), (usize, String)> {
        if self.caption.is_empty() {
            let expected =
                "expected a comment in the first line: the caption of the scene in the book";
            return Err((1, expected.to_owned()));
        }
        let mut started: Vec<&str> = Vec::new();
        let mut values = vec!["dir"];
        let slots: Vec<&str> = self.slots.iter().map(|slot| slot.name.as_str()).collect();
        let mut filled = Vec::new();
        for step in &self.steps {
            let name = step.terminal.as_str();
            if !started.contains(&name) {
                if !matches!(step.action, Action::Start(_)) {
                    let expected =
                        format!("expected `{name} $ command` before any other step of it");
                    return Err((step.line, expected));
                }
                if started.len() == 3 {
                    let expected =
                        format!("expected one to three terminals, found `{name}` as the fourth");
                    return Err((step.line, expected));
                }
                started.push(name);
            }
            match &step.action {
                Action::Start(text) | Action::Type { text, .. } => {
                    let is_start = matches!(step.action, Action::Start(_));
                    for slot in used(text).filter(|name| slots.contains(name)) {
                        if !is_start || has_shell_sign(text) || slot::in_quotes(text, slot) {
                            let expected = format!(
                                "expected the slot `{{{slot}}}` in a command, without quotes, and no \
                                 shell sign there: a value is one argument"
                            );
                            return Err((step.line, expected));
                        }
                        filled.push(slot);
                    }
                    if let Some(name) = self.used(text).find(|name| !values.contains(name)) {
                        let expected = format!(
                            "expected the name of a value that a `?` step above has captured, found `{{{name}}}`"
                        );
                        return Err((step.line, expected));
                    }
                }
                Action::See(pattern) => {
                    if let Some(name) = pattern.names().find(|name| slots.contains(name)) {
                        let expected =
                            format!("expected another name than the slot's, found `{name}`");
                        return Err((step.line, expected));
                    }
                    values.extend(pattern.names());
                }
                Action::Press(_) | Action::End(_) => {}
            }
        }
        if let Some(slot) = slots.iter().find(|slot| !filled.contains(slot)) {
            return Err((
                1,
                format!("expected `{{{slot}}}` in a command, as there is a slot of that name"),
            ));
        }
        if started.is_empty() {
            return Err((1, "expected one to three terminals, found none".to_owned()));
        }
        Ok(())
    }

    /// The values that a command asks for, apart from its slots.
    pub(crate) fn used<'b>(&self, command: &'b str) -> impl Iterator<Item = &'b str> {
        used(command).filter(|name| self.slots.iter().all(|slot| slot.name != *name))
    }

    /// The terminals' names, in the order in which the scene first names them.
    pub fn terminals(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for step in &self.steps {
            if !names.contains(&step.terminal.as_str()) {
                names.push(&step.terminal);
            }
        }
        names
    }

    /// The name of its snapshot file, without the ending.
    pub fn snapshot_name(&self) -> String {
        self.id.replace('/', "__")
    }
}

/// Sets what a scene may say only once.
fn once<T>(place: &mut Option<T>, word: &str, value: T) -> Result<()> {
    if place.replace(value).is_some() {
        bail!("expected one `{word}` line, found a second one");
    }
    Ok(())
}

/// The values that a command or a typed line asks for: the names in `{…}`.
fn used(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split('{').skip(1);
    inside
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .filter(|name| is_value_name(name))
}

/// All scenes below the folder `tests/scenes` of the workspace at `root`, ordered by id.
///
/// # Errors
/// When a folder or a scene cannot be read, or stands where no lesson is; as [`Scene::read`].
pub fn all(root: &Path) -> Result<Vec<Scene>> {
    let top = root.join("tests/scenes");
    let mut scenes = Vec::new();
    for lesson in entries(&top)? {
        if !lesson.is_dir() {
            bail!(
                "{}: expected a folder with a lesson's name here, and the scenes in it",
                lesson.display()
            );
        }
        let name = lesson.file_name().unwrap_or_default();
        if !root.join("lessons").join(name).is_dir() {
            bail!(
                "{}: expected a lesson's name, such as 04-tcp-chat, and there is no lessons/{}",
                lesson.display(),
                name.display()
            );
        }
        for file in entries(&lesson)? {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            if file.extension().is_none_or(|ending| ending != "scene") || !is_name(&stem) {
                bail!(
                    "{}: expected only scenes here, with names of a-z, 0-9 and -, such as \
                     turn-taking.scene",
                    file.display()
                );
            }
            scenes.push(Scene::read(&file)?);
        }
    }
    Ok(scenes)
}

/// What is in a folder, in order; without the files that editors and systems hide there.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect()
        })
        .with_context(|| format!("cannot list {}", folder.display()))?;
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default();
        !name.as_encoded_bytes().starts_with(b".")
    });
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;
