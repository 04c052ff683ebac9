//! A new exercise is refused while something is missing, and accepted once it is filled in.

use std::fs;

use exercises::scaffold;

use crate::course::{Course, names};

const NEW: &str = "lessons/01-one/exercises/made-up";

#[test]
fn a_new_exercise_is_accepted_once_it_is_filled_in() {
    let course = Course::new();
    scaffold::create(course.root(), "1", "made-up").unwrap();
    // It must not hinder the exercises that stand: the catalog is read for all of them.
    assert_eq!(exercises::catalog::read(course.root()).unwrap().len(), 1);

    let report = course.gate(&["made-up"], 1, false);
    for file in [
        "task.md",
        "exercise.rs",
        "check.rs",
        "solution.rs",
        "wrong/rename-me-2.rs",
    ] {
        names(
            &report,
            &format!("made-up/{file}"),
            "it has still to be filled in",
        );
    }
    names(
        &report,
        "wrong/rename-me-1.rs",
        "its name is not yet that of a misconception",
    );

    let folder = course.root().join(NEW);
    let fill_in = |file: &str, to: &str| {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        fs::remove_file(folder.join(file)).unwrap();
        fs::write(folder.join(to), text.replace("FILL IN: ", "")).unwrap();
    };
    for file in ["task.md", "exercise.rs", "check.rs", "solution.rs"] {
        fill_in(file, file);
    }
    for (number, name) in [(1, "one"), (2, "two"), (3, "three")] {
        fill_in(
            &format!("wrong/rename-me-{number}.rs"),
            &format!("wrong/{name}.rs"),
        );
    }
    let report = course.gate(&["made-up"], 1, true);
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!((report.mistakes(), report.recognised), (3, 3));
}

#[test]
fn bad_names_are_refused_and_nothing_is_written() {
    let course = Course::new();
    course.exercise("taken");
    course.write("lessons/01-one/tests/program.rs", "");
    let before = course.read("lessons/01-one/Cargo.toml");
    for (lesson, name, said) in [
        ("01", "Cut", "lower-case words"),
        ("01", "../x", "lower-case words"),
        ("01", "", "lower-case words"),
        ("01", &"x".repeat(33), "at most 32 characters"),
        ("01-one", "taken", "lessons/01-one/exercises/taken"),
        ("1", "program", "has a test of this name"),
        ("7", "new", "take one of 01-one"),
        ("", "new", "take one of 01-one"),
    ] {
        let error = scaffold::create(course.root(), lesson, name).unwrap_err();
        assert!(error.to_string().contains(said), "{lesson} {name}: {error}");
    }
    assert_eq!(course.read("lessons/01-one/Cargo.toml"), before);
    assert_eq!(exercises::catalog::places(course.root()).unwrap().len(), 1);
}
