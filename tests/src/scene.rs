//! The scene file: what is played, and in which order. `tests/README.md` describes the format.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

mod step;

pub use step::{Action, Key, Step};
use step::{is_name, parse_action};

use crate::pattern::is_value_name;

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

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Linux => "Linux",
            Self::Unix => "Linux or macOS",
            Self::Ipv6 => "IPv6 on the loopback interface",
            Self::Multicast => "multicast on the loopback interface",
            Self::Root => "the rights of the superuser (root)",
        })
    }
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
            wire: None,
            needs: Vec::new(),
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
                 (`port`, `prompt`, `file`, `wire` and `needs` stand before the first step)"
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
                let port = rest.parse().ok().filter(|port| self.ports.contains(port));
                let port = port.context("expected a port that a `port` line declares")?;
                once(&mut self.wire, word, port)?;
            }
            "needs" if !rest.is_empty() => {
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
                    if let Some(name) = used(text).find(|name| !values.contains(name)) {
                        let expected = format!(
                            "expected the name of a value that a `?` step above has captured, found `{{{name}}}`"
                        );
                        return Err((step.line, expected));
                    }
                }
                Action::See(pattern) => values.extend(pattern.names()),
                Action::Press(_) | Action::End(_) => {}
            }
        }
        if started.is_empty() {
            return Err((1, "expected one to three terminals, found none".to_owned()));
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
            (
                "# c\na > hello\n",
                "test.scene:2: expected `a $ command` before",
            ),
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
                "test.scene:5: expected one to three terminals, found `d` as the fourth",
            ),
            ("", "test.scene:1: expected a comment in the first line"),
            ("# c\n", "test.scene:1: expected one to three terminals"),
            (
                "# c\nport\n",
                "test.scene:2: port: expected `port N`, `prompt",
            ),
            (
                "# c\nport 8080 9090 8080\n",
                "expected each port once, found 8080",
            ),
            ("# c\nneeds\n", "expected `port N`, `prompt"),
            (
                "# c\nprompt a\nprompt b\n",
                "test.scene:3: prompt b: expected one `prompt` line",
            ),
            (
                "# c\nport 8080 9090\nwire 8080\nwire 9090\n",
                "test.scene:4: wire 9090: expected one `wire` line",
            ),
            (
                "# c\nfile a\nfile a\n",
                "expected each file once, found `a` twice",
            ),
            ("# c\nfile ..\n", "expected a file's name without a folder"),
            (
                "# c\nfile ../a\n",
                "expected a file's name without a folder",
            ),
            (
                "# c\na\t$ ls\n",
                "expected spaces between the words, found a tab",
            ),
            (
                "# c\na $ ls\na = 300\n",
                "expected an exit code from 0 to 255",
            ),
            (
                "# c\na $ ls\na = -1\n",
                "expected an exit code from 0 to 255",
            ),
            (
                "# c\na $ ls {port}\na ? {port}\n",
                "test.scene:2: expected the name of a value that a `?` step above has captured, found `{port}`",
            ),
            ("# c\na $ cat\na > {~ms} {no}\n", "found `{no}`"),
            (
                "# c\na $ cat\na > {x*99999999999}\n",
                "expected `{text*number}`, with at most",
            ),
            (
                "# c\na $ cat\na > {x*many}\n",
                "expected `{text*number}`, with at most",
            ),
        ];
        for (text, expected) in cases {
            let complaint = complaint(text);
            assert!(complaint.contains(expected), "{text:?} gave: {complaint}");
        }
    }

    #[test]
    fn line_ends_and_byte_order_marks_of_other_systems_are_read() {
        let scene = parse("\u{feff}# c\r\nport 8080\r\na $ ls\r\na ? x\r\na = 0\r\n").unwrap();
        assert_eq!((scene.caption.as_str(), scene.ports), ("c", vec![8080]));
        assert!(matches!(&scene.steps[0].action, Action::Start(command) if command == "ls"));
        assert!(matches!(&scene.steps[1].action, Action::See(x) if x.to_string() == "x"));
    }

    #[test]
    fn a_captured_value_may_be_used_below() {
        assert!(
            parse("# c\na $ cat {dir}\na ? {p} {~ms}\nb $ cat {p}\nb > {p} {x} ${x} {\"p\"}\n")
                .is_err()
        );
        assert!(
            parse("# c\na $ cat {dir}\na ? {p} {~ms}\nb $ cat {p}\nb > {p} {\"p\": 1}\n").is_ok()
        );
    }

    /// A small workspace with a lesson `00-a`, and one file more.
    fn all_with(file: &str, content: &[u8]) -> Result<Vec<Scene>> {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("lessons/00-a")).unwrap();
        let file = root.path().join("tests/scenes").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
        all(root.path())
    }

    #[test]
    fn files_in_the_wrong_place_or_form_are_named() {
        let right = b"# c\na $ ls\n";
        assert_eq!(all_with("00-a/x-2.scene", right).unwrap()[0].id, "00-a/x-2");
        assert!(all_with("00-a/.x.scene.swp", b"\xff").unwrap().is_empty());
        for (file, content, expected) in [
            ("x.scene", &right[..], "x.scene: expected a folder"),
            ("00-b/x.scene", right, "there is no lessons/00-b"),
            (
                "00-a/two words.scene",
                right,
                "two words.scene: expected only scenes",
            ),
            ("00-a/x.txt", right, "x.txt: expected only scenes"),
            (
                "00-a/x.scene",
                b"# c\na $ printf '\xe9'\n",
                "x.scene:2: expected UTF-8 text, found the octet 0xe9",
            ),
        ] {
            let complaint = format!("{:#}", all_with(file, content).expect_err(file));
            assert!(complaint.contains(expected), "{file}: {complaint}");
        }
    }
}
