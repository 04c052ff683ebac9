//! What students get, and what they do not.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use exercises::catalog;
use exercises::compile::Libraries;
use exercises::{handout, play};

use crate::course::{Course, answer, wrong};

const EXERCISE: &str = "lessons/01-one/exercises/twice";

/// A course of one exercise that the gate has accepted.
fn course() -> Course {
    let course = Course::new();
    course.exercise("twice");
    course.gate(&["twice"], 1, true);
    course
}

fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(["-c", "init.defaultBranch=main"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn refused(course: &Course, folder: &Path) -> String {
    format!(
        "{:#}",
        handout::make(course.root(), folder, false).unwrap_err()
    )
}

#[test]
fn an_exercise_can_be_done_in_a_handout_without_the_internet() {
    let course = course();
    let config = course.read(".cargo/config.toml") + "\n[net]\noffline = true\n";
    course.write(".cargo/config.toml", &config);
    course.put("twice", "exercise.rs", &answer("my(\"half an answer\")"));
    let to = tempfile::tempdir().unwrap();
    let made = handout::make(course.root(), to.path(), false).unwrap();
    assert_eq!(made.exercises, 1);
    let root = &made.folder;

    let all = catalog::read(root).unwrap();
    let libraries = Libraries::build(root, &all).unwrap();
    let scratch = root.join("target/scratch");
    let passes = |text: &str| {
        let built = libraries.compile(&all[0], text, &scratch).unwrap().unwrap();
        let run = play::run(&built.program, &scratch).unwrap();
        let known = all[0].known.recognise(&run.signature());
        (run.passed(), known.map(|found| found.mistake.title.clone()))
    };
    let starter = fs::read_to_string(all[0].file()).unwrap();
    assert_eq!(starter, answer("number"));
    assert!(!passes(&starter).0);
    assert!(passes(&answer("number + number")).0);
    // Misconceptions are recognised although their files are not there.
    assert_eq!(
        passes(&wrong("?", "?", "1 + number")),
        (false, Some("Twice is one more.".to_owned()))
    );
    // The gate says why it does not work here, and a handout of a handout is no plan.
    let asked = exercises::gate::Asked {
        names: &[],
        times: 1,
        write: false,
    };
    let error = exercises::gate::examine(root, asked)
        .unwrap_err()
        .to_string();
    assert!(error.contains("this is a handout"), "{error}");
    let error = handout::make(root, &to.path().join("again"), false).unwrap_err();
    assert!(error.to_string().contains("a handout itself"), "{error}");
}

#[test]
fn private_files_stay_at_home() {
    let course = course();
    for (path, text) in [
        (".gitignore", "target\n"),
        ("target/x", "built"),
        (".exercises/progress", "mine"),
        ("marks.csv", "private"),
    ] {
        course.write(path, text);
    }
    course.put("twice", "solution.rs.orig", "private");
    course.put("twice", "notes/check.rs", "private");
    let names = |folder: &Path| -> Vec<String> {
        let mut names: Vec<String> = files(folder)
            .iter()
            .map(|path| path.strip_prefix(folder).unwrap().display().to_string())
            .collect();
        names.sort();
        names
    };
    let expected = [
        ".cargo/config.toml",
        ".gitignore",
        "Cargo.lock",
        "Cargo.toml",
        "HANDOUT.md",
        "book/src/01-one.md",
        "lessons/01-one/Cargo.toml",
        "lessons/01-one/exercises/twice/check.rs",
        "lessons/01-one/exercises/twice/exercise.rs",
        "lessons/01-one/exercises/twice/known.json",
        "lessons/01-one/exercises/twice/task.md",
        "lessons/01-one/src/lib.rs",
    ];
    // Without git, what is nobody's work stays; a private file cannot be told from others.
    let to = tempfile::tempdir().unwrap();
    let made = handout::make(course.root(), to.path(), false).unwrap();
    let all = names(to.path());
    assert!(all.contains(&"marks.csv".to_owned()));
    let public: Vec<_> = all.iter().filter(|name| *name != "marks.csv").collect();
    assert_eq!(public, expected.iter().collect::<Vec<_>>());
    assert!(
        made.notes
            .iter()
            .any(|note| note.contains("look for private ones"))
    );

    // With git, only what it tracks: even if the notes are tracked, they are not of an exercise's form.
    git(course.root(), &["init", "-q"]);
    let notes = format!("{EXERCISE}/notes/check.rs");
    git(course.root(), &["add", ".", ":!marks.csv", ":!.exercises"]);
    git(course.root(), &["commit", "-q", "-m", "The course"]);
    assert!(course.root().join(notes).exists());
    course.write("book/src/01-one.md", "# One\n\n## How it works\n\nMore.\n");
    let to = tempfile::tempdir().unwrap();
    let made = handout::make(course.root(), to.path(), false).unwrap();
    assert_eq!(names(to.path()), expected);
    assert!(
        made.notes
            .iter()
            .any(|note| note.contains("1 file differs")),
        "{:?}",
        made.notes
    );

    // An exercise that git does not know would be missing, and its entry would break the workspace.
    git(
        course.root(),
        &["rm", "-q", "--cached", &format!("{EXERCISE}/task.md")],
    );
    let to = tempfile::tempdir().unwrap();
    let said = refused(&course, to.path());
    assert!(
        said.contains("not among the files that git tracks"),
        "{said}"
    );
    assert_eq!(files(to.path()).len(), 0);
}

#[test]
fn a_folder_that_is_in_use_is_refused() {
    let course = course();
    let to = tempfile::tempdir().unwrap();
    fs::write(to.path().join("mine"), "1").unwrap();
    for (folder, said) in [
        (to.path().to_owned(), "is not empty"),
        (to.path().join("mine"), "is not a folder"),
        (course.root().join("handout"), "stands in the workspace"),
        (
            course.root().join("lessons/new/handout"),
            "stands in the workspace",
        ),
        (course.root().to_owned(), "stands in the workspace"),
        (to.path().join("a/../b"), "without `..`"),
    ] {
        let error = refused(&course, &folder);
        assert!(error.contains(said), "{}: {error}", folder.display());
    }
    assert_eq!(fs::read_to_string(to.path().join("mine")).unwrap(), "1");
    assert!(!course.root().join("handout").exists());

    course.remove("twice", "known.json");
    let error = refused(&course, &to.path().join("new"));
    assert!(error.contains("gate twice --write"), "{error}");
    assert!(!to.path().join("new").exists());
}

/// The course itself: no line of a solution or of a known mistake leaves the house.
#[test]
fn no_solution_leaves_the_house() {
    let root = exercises::student::root(None);
    if root.join(handout::NOTE).exists() {
        println!("not tried: this is a handout, and has no solutions");
        return;
    }
    let to = tempfile::tempdir().unwrap();
    let made = match handout::make(&root, to.path(), false) {
        Ok(made) => made,
        // While an exercise is being written, it is not committed yet.
        Err(error) if error.to_string().contains("git tracks") => {
            println!("not tried: {error}");
            return;
        }
        Err(error) => panic!("{error:#}"),
    };
    let secret = |path: &Path| {
        let text = path.to_string_lossy().replace('\\', "/");
        text.contains("/exercises/") && (text.ends_with("/solution.rs") || text.contains("/wrong/"))
    };
    let all = catalog::read(&root).unwrap();
    // Whole files first: a copy of one may stand anywhere, under any name.
    let whole: HashSet<_> = all
        .iter()
        .flat_map(|exercise| files(&exercise.folder))
        .filter(|path| secret(path))
        .map(|path| fs::read(path).unwrap())
        .collect();
    for path in files(&made.folder) {
        let copied = whole.contains(&fs::read(&path).unwrap());
        assert!(
            !copied,
            "{} is a solution, or a known mistake",
            path.display()
        );
    }
    let (mut secrets, mut public) = (HashSet::new(), HashSet::new());
    for exercise in &all {
        for path in files(&exercise.folder) {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().map(|line| line.trim().to_owned());
            if secret(&path) {
                // The opening comment is the misconception and its hint: students get those.
                secrets.extend(lines.filter(|line| line.len() > 20 && !line.starts_with("//!")));
            } else if !path.ends_with("exercise.rs") {
                public.extend(lines);
            }
        }
        public.extend(
            exercise
                .known
                .starter
                .lines()
                .map(|line| line.trim().to_owned()),
        );
    }
    let only_there: HashSet<_> = secrets.difference(&public).collect();
    assert!(
        only_there.len() > 50,
        "{} lines to look for",
        only_there.len()
    );
    let mut seen = 0;
    for path in files(&made.folder) {
        // What else the course shows (a lesson's own code) may look like a solution.
        let inside = path.strip_prefix(&made.folder).unwrap();
        if !inside.starts_with("lessons") || !inside.iter().any(|part| part == "exercises") {
            continue;
        }
        assert!(!secret(&path), "{}", path.display());
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        seen += 1;
        let text = text.replace("\\n", "\n").replace("\\\"", "\"");
        for line in text.lines() {
            let found = only_there.contains(&line.trim().to_owned());
            assert!(
                !found,
                "{} has a line of a solution: {line}",
                path.display()
            );
        }
    }
    assert_eq!(seen, 4 * all.len());
}
