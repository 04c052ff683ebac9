//! A small course in a temporary folder, to be broken.

use std::fs;
use std::path::Path;

use exercises::gate::{self, Asked, Report};
use tempfile::TempDir;

pub struct Course {
    folder: TempDir,
}

/// An answer to the exercise of this course.
pub fn answer(expression: &str) -> String {
    format!(
        "//! Twice a number.\n\n/// Twice the number.\npub fn double(number: u32) -> u32 {{\n    {expression}\n}}\n"
    )
}

/// A known mistake of the exercise of this course.
pub fn wrong(title: &str, hint: &str, expression: &str) -> String {
    let code = answer(expression);
    let code = code.split_once("\n\n").unwrap().1;
    format!("//! {title}\n//!\n//! {hint}\n\n{code}")
}

const CHECK: &str = r#"//! Checks.

mod exercise;

fn main() -> std::process::ExitCode {
    kit::run(&[("twice three is six", |check| {
        check.call("double(3)", || exercise::double(3))?.is(6)
    })])
}
"#;

pub const TASK: &str = "---\ntitle: Twice\nminutes: 5\ndifficulty: 1\nread: 01-one.md#how-it-works\n---\n\nDouble it.\n\n## Hint 1\n\nAdd.\n\n## Hint 2\n\nTwice.\n\n## Hint 3\n\n`+`\n";

impl Course {
    /// A course of one lesson without any exercise.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let course = Self { folder };
        let kit = exercises::root().join("tests/kit").display().to_string();
        // The kit is compiled once for all these courses.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("courses");
        let target = target.display().to_string();
        course.write(
            "Cargo.toml",
            &format!(
                "[workspace]\nresolver = \"3\"\nmembers = [\"lessons/*\"]\n\
                 [workspace.dependencies]\nkit = {{ path = {kit:?} }}\n\
                 [workspace.lints.clippy]\npedantic = \"warn\"\n"
            ),
        );
        course.write(
            ".cargo/config.toml",
            &format!("[build]\ntarget-dir = {target:?}\n"),
        );
        course.write("book/src/01-one.md", "# One\n\n## How it works\n");
        course.lesson("01-one");
        course
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    pub fn lesson(&self, lesson: &str) {
        let path = format!("lessons/{lesson}");
        self.write(
            &format!("{path}/Cargo.toml"),
            &format!(
                "[package]\nname = \"lesson-{lesson}\"\nedition = \"2024\"\n\n\
                 [dependencies]\nkit.workspace = true\n"
            ),
        );
        self.write(&format!("{path}/src/lib.rs"), "//! A lesson.\n");
    }

    /// An exercise of lesson 01 that the gate accepts.
    pub fn exercise(&self, name: &str) {
        let cargo = "lessons/01-one/Cargo.toml";
        let entry = format!(
            "\n[[test]]\nname = \"{name}\"\npath = \"exercises/{name}/check.rs\"\nharness = false\ntest = false\n"
        );
        self.write(cargo, &(self.read(cargo) + &entry));
        for (file, text) in [
            ("task.md", TASK.to_owned()),
            ("check.rs", CHECK.to_owned()),
            ("exercise.rs", answer("number")),
            ("solution.rs", answer("number * 2")),
            (
                "wrong/a.rs",
                wrong("Twice is one more.", "No.", "number + 1"),
            ),
            (
                "wrong/b.rs",
                wrong("Twice is squared.", "No.", "number * number"),
            ),
            ("wrong/c.rs", wrong("Twice is half.", "No.", "number / 2")),
        ] {
            self.put(name, file, &text);
        }
    }

    /// Writes a file of an exercise.
    pub fn put(&self, exercise: &str, file: &str, text: &str) {
        self.write(&format!("lessons/01-one/exercises/{exercise}/{file}"), text);
    }

    pub fn remove(&self, exercise: &str, file: &str) {
        let folder = format!("lessons/01-one/exercises/{exercise}");
        fs::remove_file(self.root().join(folder).join(file)).unwrap();
    }

    pub fn gate(&self, names: &[&str], times: u32, write: bool) -> Report {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let asked = Asked {
            names: &names,
            times,
            write,
        };
        gate::examine(self.root(), asked).unwrap()
    }
}

/// The report names this fault.
#[track_caller]
pub fn names(report: &Report, file: &str, what: &str) {
    let found = report
        .faults
        .iter()
        .any(|fault| fault.file.to_string_lossy().ends_with(file) && fault.what.contains(what));
    let all: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    assert!(found, "no fault `{what}` at {file} in:\n{}", all.join("\n"));
}
