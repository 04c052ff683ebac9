//! `grade` over a class that means harm: each submission costs its own row, and nothing is left.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test may fail in one place as well as in another"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use exercises::catalog;
use exercises::grade::class::{self, Expected, TARGET};
use tempfile::TempDir;

/// A class in a folder of its own, and a folder for the grader's work.
struct Class {
    folder: TempDir,
    expected: Vec<Expected>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Class {
    /// All, or only the students of these names.
    fn new(count: usize, only: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let exercises = catalog::read(&root()).unwrap();
        let submissions = folder.path().join("submissions");
        let mut expected = class::make(&root(), &exercises, &submissions, count).unwrap();
        fs::create_dir(folder.path().join("work")).unwrap();
        if !only.is_empty() {
            for entry in fs::read_dir(&submissions).unwrap() {
                let path = entry.unwrap().path();
                if !only.iter().any(|name| path.ends_with(name)) {
                    let _ = fs::remove_file(&path);
                    let _ = fs::remove_dir_all(&path);
                }
            }
            expected.retain(|one| only.contains(&one.student.as_str()));
            assert_eq!(expected.len(), only.len());
        }
        Self { folder, expected }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn grade(&self, options: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exercises"));
        command
            .arg("grade")
            .arg(self.path("submissions"))
            .args(["--only", TARGET, "--jobs", "2", "--csv"])
            .arg(self.path("grades.csv"))
            .arg("--html")
            .arg(self.path("grades.html"))
            .args(options)
            .env("TMPDIR", self.path("work"));
        command
    }

    /// The marks that are wrong.
    fn surprises(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("grades.csv")).unwrap();
        let rows: BTreeMap<String, String> = text
            .split_terminator("\r\n")
            .map(|line| {
                let fields = fields(line);
                (fields[0].clone(), fields[2].clone())
            })
            .collect();
        let letters: BTreeMap<&str, char> = class::letters().collect();
        let mut surprises = Vec::new();
        for one in &self.expected {
            let Some(words) = rows.get(&one.student) else {
                surprises.push(format!("{} has no row", one.student));
                continue;
            };
            if !one.marks.contains(&letters[words.as_str()]) {
                surprises.push(format!("{}: {words}", one.student));
            }
        }
        surprises
    }

    /// Processes that still have to do with this grading.
    fn left_running(&self) -> Vec<String> {
        let place = self.path("work").display().to_string();
        let mut left = Vec::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).into_owned();
            if line.contains(&place) {
                left.push(line);
            }
        }
        left
    }

    fn left_behind(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path("work")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

/// The fields of a line of a CSV file.
fn fields(line: &str) -> Vec<String> {
    let (mut all, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => all.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    all.push(field);
    all
}

/// All files of the lessons, with their sizes and times.
fn lessons() -> BTreeMap<PathBuf, (u64, SystemTime)> {
    let mut all = BTreeMap::new();
    let mut folders = vec![root().join("lessons")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let data = entry.metadata().unwrap();
            if data.is_dir() {
                folders.push(entry.path());
            } else {
                all.insert(entry.path(), (data.len(), data.modified().unwrap()));
            }
        }
    }
    all
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn each_harm_costs_its_own_row() {
    let before = lessons();
    let class = Class::new(3, &[]);
    let output = class.grade(&[]).output().unwrap();
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert_eq!(class.surprises(), Vec::<String>::new(), "{said}");
    assert_eq!(class.left_running(), Vec::<String>::new());
    assert_eq!(class.left_behind(), Vec::<PathBuf>::new());
    assert_eq!(lessons(), before, "the workspace is as it was");
    for line in said.lines() {
        assert!(
            line.chars().count() <= 80 || line.starts_with("written"),
            "{line}"
        );
    }
    let page = fs::read_to_string(class.path("grades.html")).unwrap();
    assert!(!page.contains("<script"), "a name is only text");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("Content-Security-Policy"));
}

/// Where a machine has no better means, the limits still hold.
fn with_less(means: &str) {
    let class = Class::new(
        0,
        &[
            "allocates-bit-by-bit",
            "digs-deep",
            "exits",
            "forks",
            "leaves-something-behind",
            "pipes-the-report",
            "prints",
            "stops-itself",
            "writes",
        ],
    );
    let output = class.grade(&["--no-better-than", means]).output().unwrap();
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("NOT  An answer reaches the network"),
        "{said}"
    );
    assert_eq!(class.surprises(), Vec::<String>::new(), "{said}");
    if cfg!(target_os = "linux") {
        assert_eq!(class.left_running(), Vec::<String>::new());
    }
    assert_eq!(class.left_behind(), Vec::<PathBuf>::new());
}

#[test]
fn landlock_is_used_where_there_are_no_namespaces() {
    with_less("landlock");
}

#[test]
fn limits_hold_without_any_containment() {
    with_less("limits");
}

/// Graders that do not come to their end. What is left running is looked for in `/proc`.
#[cfg(target_os = "linux")]
mod ended_early {
    use super::*;
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    /// Waits until something is so, which must be soon.
    fn until(what: &str, so: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !so() {
            assert!(Instant::now() < deadline, "it never came to this: {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A grading that is at work on an answer that will not end soon.
    fn at_work(class: &Class) -> Child {
        let grader = class
            .grade(&[])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let check = |line: &String| line.contains("/check\0") || line.ends_with("/check");
        until("an answer runs", || {
            let running = class.left_running();
            running
                .iter()
                .any(|line| check(line) && !line.contains("contained"))
        });
        grader
    }

    fn signal(child: &Child, signal: Signal) {
        let process = Pid::from_raw(child.id().cast_signed());
        kill(process, signal).unwrap();
    }

    #[test]
    fn ctrl_c_ends_all_and_tells_what_is_graded() {
        let class = Class::new(0, &["holds-the-output"]);
        let grader = at_work(&class);
        signal(&grader, Signal::SIGINT);
        let output = grader.wait_with_output().unwrap();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(130), "{said}");
        assert!(said.contains("/ not graded"), "{said}");
        assert!(class.path("grades.html").exists());
        assert_eq!(class.left_running(), Vec::<String>::new());
        assert_eq!(class.left_behind(), Vec::<PathBuf>::new());
    }

    #[test]
    fn nothing_outlives_a_grader_that_is_killed() {
        let class = Class::new(0, &["holds-the-output"]);
        let mut grader = at_work(&class);
        signal(&grader, Signal::SIGKILL);
        grader.wait().unwrap();
        until("nothing is left running", || {
            class.left_running().is_empty()
        });
    }
}
