//! A small course in a temporary folder, and the real program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The exercise with sockets.
pub const SHOUT: &str = "shout-each-line";
/// The exercise without.
pub const BITS: &str = "octet-to-bits";

/// A course with two exercises.
pub struct Tree {
    folder: TempDir,
}

/// The root of the real course.
pub fn real() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Tree {
    /// A new one, with the exercises as handed out.
    pub fn new() -> Self {
        let tree = Self {
            folder: TempDir::new().unwrap(),
        };
        // Two exercises of the course as they once were: these tests are not about the real ones.
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/course"),
            tree.root(),
        );
        fs::create_dir_all(tree.path("tests/kit")).unwrap();
        fs::create_dir_all(tree.path("src")).unwrap();
        fs::write(tree.path("src/lib.rs"), "").unwrap();
        // The kit of the real course: built once for all these trees.
        let manifest = format!(
            "[package]\nname = \"tree\"\nedition = \"2024\"\n[dependencies]\nkit = {{ path = '{}' }}\n[workspace]\n",
            real().join("tests/kit").display()
        );
        fs::write(tree.path("Cargo.toml"), manifest).unwrap();
        tree
    }

    /// The root folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path in the tree.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The folder of an exercise.
    pub fn exercise(&self, name: &str) -> PathBuf {
        let lesson = if name == BITS {
            "01-ip-address"
        } else {
            "04-tcp-chat"
        };
        self.path(&format!("lessons/{lesson}/exercises/{name}"))
    }

    /// The student's file.
    pub fn file(&self, name: &str) -> PathBuf {
        self.exercise(name).join("exercise.rs")
    }

    /// The student writes an answer.
    pub fn answer(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.file(name), text).unwrap();
    }

    /// The file as it is handed out.
    pub fn starter(&self, name: &str) -> String {
        let known = fs::read_to_string(self.exercise(name).join("known.json")).unwrap();
        let known: serde_json::Value = serde_json::from_str(&known).unwrap();
        known["starter"].as_str().unwrap().to_owned()
    }

    /// A right answer.
    pub fn solution(&self, name: &str) -> String {
        fs::read_to_string(self.exercise(name).join("solution.rs")).unwrap()
    }

    /// The progress file's text.
    pub fn progress(&self) -> String {
        fs::read_to_string(self.path(".exercises/progress.json")).unwrap()
    }

    /// The files that were kept aside.
    pub fn kept(&self) -> Vec<PathBuf> {
        let mut kept: Vec<PathBuf> = fs::read_dir(self.path(".exercises/kept"))
            .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
            .unwrap_or_default();
        kept.sort();
        kept
    }

    /// The program, with a terminal of 80 columns that has no colours.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exercises"));
        command
            .args(arguments)
            .current_dir(self.root())
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("trees"),
            )
            .env("CARGO_NET_OFFLINE", "true")
            .env("COLUMNS", "80")
            .env_remove("EXERCISES_ROOT")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }
}

/// What a run of the program printed.
#[derive(Debug)]
pub struct Ran {
    /// Exit code 0.
    pub good: bool,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            good: output.status.success(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Asserts that it went well.
    #[track_caller]
    pub fn good(self) -> Self {
        assert!(self.good, "{}\n{}", self.out, self.err);
        self
    }

    /// Asserts that it did not.
    #[track_caller]
    pub fn bad(self) -> Self {
        assert!(!self.good, "{}\n{}", self.out, self.err);
        self
    }

    /// Asserts that all this was said. Where lines are broken does not count.
    #[track_caller]
    pub fn says(self, all: &[&str]) -> Self {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = flat(&format!("{} {}", self.out, self.err));
        for one in all {
            assert!(
                said.contains(&flat(one)),
                "not said: {one}\n{}\n{}",
                self.out,
                self.err
            );
        }
        self
    }
}
