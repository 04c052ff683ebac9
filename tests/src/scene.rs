//! The scene file: what is played, and in which order. `tests/README.md` describes the format.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

mod step;

pub use step::{Action, Key, Step};
use step::{is_name, parse_action};

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
    /// The declared port whose traffic is recorded.
    pub wire: Option<u16>,
    /// What the machine must have for the scene to run.
    pub needs: Vec<Need>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Something that not every machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Linux.
    Linux,
    /// Any Unix.
    Unix,
    /// The IPv6 loopback address ::1.
    Ipv6,
    /// IPv4 multicast over loopback.
    Multicast,
    /// The rights of the superuser, to start programs as another user.
    Root,
}

impl Scene {
    /// Reads a scene file.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is wrong: the message has file, line and what was
    /// expected there.
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let lesson = file
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        Self::parse(&format!("{lesson}/{name}"), file, &text)
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
            wire: None,
            needs: Vec::new(),
            steps: Vec::new(),
        };
        let mut caption_open = true;
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            scene
                .line(number, line, &mut caption_open)
                .with_context(|| format!("{}:{number}: {line}", file.display()))?;
        }
        scene.check().with_context(|| file.display().to_string())?;
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
        if !self.steps.is_empty() {
            bail!(
                "expected `terminal sign …` with one of the signs $ > >> ? ! = \
                 (`port`, `prompt`, `file`, `wire` and `needs` stand before the first step)"
            );
        }
        self.directive(word, rest)
    }

    fn directive(&mut self, word: &str, rest: &str) -> Result<()> {
        match word {
            "port" => {
                for port in rest.split_whitespace() {
                    let port: u16 = port
                        .parse()
                        .ok()
                        .filter(|&port| port >= 1000)
                        .with_context(|| {
                            format!("expected a port from 1000 to 65535, found `{port}`")
                        })?;
                    self.ports.push(port);
                }
            }
            "prompt" if !rest.is_empty() => self.prompt = Some(rest.trim().to_owned()),
            "file" if !rest.is_empty() && !rest.contains('/') => {
                self.files.push((rest.trim().to_owned(), String::new()));
            }
            "wire" => {
                let port = rest
                    .trim()
                    .parse()
                    .ok()
                    .filter(|port| self.ports.contains(port));
                self.wire = Some(port.context("expected a port that a `port` line declares")?);
            }
            "needs" => {
                for need in rest.split_whitespace() {
                    self.needs.push(match need {
                        "linux" => Need::Linux,
                        "unix" => Need::Unix,
                        "ipv6" => Need::Ipv6,
                        "multicast" => Need::Multicast,
                        "root" => Need::Root,
                        _ => bail!("expected linux, unix, ipv6, multicast or root, found `{need}`"),
                    });
                }
            }
            _ => bail!(
                "expected `port N`, `prompt TEXT`, `file NAME`, `wire N`, `needs WORD`, \
                 a comment, or a step such as `server $ command`"
            ),
        }
        Ok(())
    }

    /// What can only be judged when the whole file has been read.
    fn check(&self) -> Result<()> {
        if self.caption.is_empty() {
            bail!("expected a comment in the first line: the caption of the scene in the book");
        }
        let names = self.terminals();
        if names.is_empty() || names.len() > 3 {
            bail!("expected one to three terminals, found {}", names.len());
        }
        for name in names {
            let first = self.steps.iter().find(|step| step.terminal == name);
            if let Some(step) = first
                && !matches!(step.action, Action::Start(_))
            {
                bail!(
                    "line {}: expected `{name} $ command` before any other step of it",
                    step.line
                );
            }
        }
        Ok(())
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

/// All scenes below the folder `tests/scenes` of the workspace at `root`, ordered by id.
///
/// # Errors
/// When a folder or a scene cannot be read; as [`Scene::read`].
pub fn all(root: &Path) -> Result<Vec<Scene>> {
    let top = root.join("tests/scenes");
    let mut scenes = Vec::new();
    for lesson in entries(&top)? {
        for file in entries(&lesson)? {
            if file.extension().is_none_or(|ending| ending != "scene") {
                bail!(
                    "{}: expected only files whose names end in .scene here",
                    file.display()
                );
            }
            scenes.push(Scene::read(&file)?);
        }
    }
    Ok(scenes)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect()
        })
        .with_context(|| format!("cannot list {}", folder.display()))
        .map(|paths: Vec<PathBuf>| paths)?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Scene> {
        Scene::parse("00/test", Path::new("test.scene"), text)
    }

    fn complaint(text: &str) -> String {
        format!("{:#}", parse(text).expect_err("this scene is wrong"))
    }

    #[test]
    fn a_whole_scene() {
        let scene = parse(
            "# A caption\n# in two lines.\n\n# not the caption\nport 8080\nprompt >>>\nfile a.txt\n| one\n|\nwire 8080\n\
             a $ lesson-04-tcp-chat server --port 8080\na > {ab*3}!\na ! ctrl-c\na = 130\n",
        )
        .unwrap();
        assert_eq!(scene.caption, "A caption in two lines.");
        assert_eq!(scene.files, [("a.txt".to_owned(), "one\n\n".to_owned())]);
        assert_eq!((scene.ports, scene.wire), (vec![8080], Some(8080)));
        assert!(matches!(&scene.steps[1].action, Action::Type { text, .. } if text == "ababab!"));
        assert!(matches!(scene.steps[3].action, Action::End(130)));
    }

    #[test]
    fn faults_name_file_line_and_what_was_expected() {
        let cases = [
            ("a $ ls\n", "expected a comment in the first line"),
            ("# c\nwhat\n", "test.scene:2: what: expected `port N`"),
            (
                "# c\na $ ls\nport 8080\n",
                "test.scene:3: port 8080: expected `terminal sign",
            ),
            ("# c\na $\n", "expected a command after `$`"),
            ("# c\na $ ls\na ?\n", "expected what the terminal will show"),
            (
                "# c\na $ ls\na ! ctrl-x\n",
                "expected ctrl-c, ctrl-d, close",
            ),
            ("# c\na $ ls\na = x\n", "expected an exit code"),
            ("# c\na > hello\n", "line 2: expected `a $ command` before"),
            ("# c\nport 80\n", "expected a port from 1000"),
            (
                "# c\nwire 8080\n",
                "expected a port that a `port` line declares",
            ),
            ("# c\nneeds moon\n", "found `moon`"),
            ("# c\n| text\n", "expected `file NAME` before"),
            ("# c\nA $ ls\n", "expected a terminal's name"),
            ("# c\na $ ls\na > {x\n", "expected `}` after `{`"),
            ("# c\na $ ls\na ? {x\n", "expected `}` after `{`"),
            (
                "# c\na $ ls\nb $ ls\nc $ ls\nd $ ls\n",
                "expected one to three terminals, found 4",
            ),
        ];
        for (text, expected) in cases {
            let complaint = complaint(text);
            assert!(complaint.contains(expected), "{text:?} gave: {complaint}");
        }
    }
}
