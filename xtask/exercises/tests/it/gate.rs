//! A gate that cannot fail proves nothing: here each fault is made, and must be named.

use crate::course::{Course, TASK, answer, names, wrong};

#[test]
fn five_good_exercises_pass() {
    let course = Course::new();
    let all = ["one", "two", "three", "four", "five"];
    for name in all {
        course.exercise(name);
    }
    let report = course.gate(&[], 2, true);
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert_eq!(report.exercises.len(), 5);
    assert_eq!((report.mistakes(), report.recognised), (15, 15));
    assert_eq!(report.misconceptions, 3);
    // Twice: the starter, the solution and the three mistakes.
    assert_eq!(report.runs, 5 * 5 * 2);
    let report = course.gate(&["one"], 1, false);
    assert!(report.faults.is_empty(), "{:#?}", report.faults);

    // What was true when it was written need not be so any more.
    course.put("one", "known.json", "{");
    course.put("two", "exercise.rs", &answer("number + 0 * number"));
    for (file, hint, expression) in [
        ("wrong/a.rs", "No.", "number + 10"),
        ("wrong/b.rs", "Never.", "number * number"),
        ("wrong/d.rs", "No.", "number + 7"),
    ] {
        let title = match file {
            "wrong/a.rs" => "Twice is one more.",
            "wrong/b.rs" => "Twice is squared.",
            _ => "Twice is seven more.",
        };
        course.put("two", file, &wrong(title, hint, expression));
    }
    course.remove("two", "wrong/c.rs");
    course.remove("three", "wrong/a.rs");
    course.remove("three", "known.json");
    let report = course.gate(&["one", "two", "three"], 1, false);
    names(&report, "one/known.json", "it is damaged");
    names(&report, "three/known.json", "it is missing");
    names(&report, "three/wrong", "there are 2 known mistakes");
    for said in [
        "`exercise.rs` is another",
        "`a` fails in another way",
        "`b` has other words",
        "`c` is no known mistake",
        "`d` is a new mistake",
    ] {
        names(&report, "two/known.json", said);
    }
}

#[test]
fn answers_that_do_not_do_what_they_must_are_named() {
    let course = Course::new();
    course.exercise("starter");
    course.put("starter", "exercise.rs", &answer("number + number"));

    course.exercise("refused");
    course.put("refused", "exercise.rs", &answer("number +"));
    course.put("refused", "solution.rs", &answer("\"six\""));

    course.exercise("solution");
    course.put("solution", "solution.rs", &answer("number * 3"));

    course.exercise("lints");
    let unused = "let idle = 1;\n    number";
    course.put("lints", "exercise.rs", &answer(unused));
    course.put("lints", "solution.rs", &answer("return number  * 2;"));

    course.exercise("check");
    let check = course.read("lessons/01-one/exercises/check/check.rs");
    let check = check.replace(
        "fn main()",
        "fn main() -> std::process::ExitCode {\n    return checks();\n}\n\nfn checks()",
    );
    course.put("check", "check.rs", &check);

    course.exercise("mistakes");
    for (name, expression) in [
        ("passes", "2 * number"),
        ("refused", "number *"),
        ("alike", "number + 1 + 0"),
        ("exits", "std::process::exit(number as i32)"),
    ] {
        let text = wrong(&format!("{name}."), "No.", expression);
        course.put("mistakes", &format!("wrong/{name}.rs"), &text);
    }
    let random = "use std::hash::{BuildHasher, RandomState};\n    \
                  u32::try_from(RandomState::new().hash_one(number) % 1_000_000).unwrap_or(number) * 2 + 1";
    course.put(
        "mistakes",
        "wrong/changes.rs",
        &wrong("It changes.", "No.", random),
    );

    let report = course.gate(&[], 5, true);
    names(
        &report,
        "starter/exercise.rs",
        "it passes as it is handed out",
    );
    names(&report, "refused/exercise.rs", "it does not compile");
    names(&report, "refused/solution.rs", "mismatched types");
    names(
        &report,
        "solution/solution.rs",
        "it does not pass (5 of 5 runs)",
    );
    names(&report, "lints/exercise.rs", "rustc warns");
    names(&report, "lints/solution.rs", "needless_return");
    names(&report, "lints/solution.rs", "it is not formatted");
    names(&report, "check/check.rs", "needless_return");
    names(&report, "wrong/passes.rs", "it passes");
    names(&report, "wrong/refused.rs", "it does not compile");
    names(
        &report,
        "wrong/alike.rs",
        "it fails exactly as wrong/a.rs does",
    );
    names(&report, "wrong/changes.rs", "its failure changes");
    // Its failure is known by the check in which the program ended.
    assert!(
        report.recognised < report.mistakes(),
        "{} of {}",
        report.recognised,
        report.mistakes()
    );
    // A mistake that passes must not get into the file that students have.
    let known = course.read("lessons/01-one/exercises/mistakes/known.json");
    assert!(
        !known.contains("passes") && known.contains("alike"),
        "{known}"
    );
    // Nor a starter that is an answer.
    let starter = "lessons/01-one/exercises/starter/known.json";
    assert!(!course.root().join(starter).exists());
}

#[test]
fn folders_that_are_not_whole_are_named() {
    let course = Course::new();
    course.exercise("task");
    let task = TASK
        .replace("minutes: 5", "minutes: 25")
        .replace("#how-it-works", "#nowhere")
        .replace("\n## Hint 3\n\n`+`\n", "");
    course.put("task", "task.md", &task);
    course.put("task", "notes.txt", "mine");
    course.put("task", "wrong/Mine.rs", "");
    course.put("task", "wrong/a.rs", &answer("number + 1"));
    course.put(
        "task",
        "wrong/d.rs",
        "//! No hint.\n//!\n//!\n\nfn x() {}\n",
    );

    course.exercise("front");
    course.put("front", "task.md", &TASK.replace("title: Twice\n", ""));
    course.exercise("hint");
    course.put("hint", "task.md", &TASK.replace("Twice.\n", ""));
    course.put(
        "hint",
        "wrong/a.rs",
        &wrong("Another title.", "No.", "number + 1"),
    );
    course.put(
        "hint",
        "wrong/other.rs",
        &wrong("Twice is half.", "No.", "number + 7"),
    );
    course.exercise("lost");
    for file in ["solution.rs", "check.rs", "exercise.rs", "task.md"] {
        course.remove("lost", file);
    }
    course.exercise("unready");
    course.put("unready", "solution.rs", &answer("FILL IN"));
    course.exercise("Upper");

    let report = course.gate(&[], 1, false);
    names(
        &report,
        "task/task.md",
        "25 minutes do not fit difficulty 1",
    );
    names(
        &report,
        "task/task.md",
        "names no heading of book/src/01-one.md",
    );
    names(&report, "task/task.md", "it has not three hints");
    names(&report, "task/notes.txt", "it belongs to no exercise");
    names(&report, "task/wrong/Mine.rs", "it belongs to no exercise");
    names(&report, "task/wrong/a.rs", "it does not open with");
    names(&report, "task/wrong/d.rs", "no hint");
    names(&report, "front/task.md", "no `title:`");
    names(&report, "hint/task.md", "it has not three hints");
    names(&report, "hint/wrong/a.rs", "its title is not that of");
    names(&report, "hint/wrong/other.rs", "it has the title of");
    for file in ["solution.rs", "check.rs", "exercise.rs", "task.md"] {
        names(&report, &format!("lost/{file}"), "it cannot be read");
    }
    names(
        &report,
        "unready/solution.rs",
        "it has still to be filled in\n  line 5: FILL IN",
    );
    names(&report, "Upper/", "its name is not in lower-case words");
}

#[test]
fn what_concerns_the_whole_course_is_named() {
    let course = Course::new();
    course.exercise("same");
    course.exercise("harness");
    let cargo = "lessons/01-one/Cargo.toml";
    let text = course.read(cargo);
    let (head, tail) = text.split_at(text.find("name = \"harness\"").unwrap());
    let tail = tail.replace("harness = false\n", "");
    course.write(
        cargo,
        &format!("{head}{tail}\n[[test]]\nname = \"gone\"\npath = \"exercises/gone/check.rs\"\n"),
    );
    course.lesson("02-two");
    course.write("lessons/02-two/exercises/same/task.md", TASK);

    let report = course.gate(&[], 1, false);
    names(&report, cargo, "`harness` has an entry of another form");
    names(
        &report,
        cargo,
        "the entry `gone` names exercises/gone/check.rs",
    );
    names(&report, "lessons/02-two/Cargo.toml", "`same` has no entry");
    names(&report, "same", "has this name too");
    names(&report, "lessons/01-one/exercises", "2 of 5 exercises");
    // One exercise alone is not blamed for the others.
    let report = course.gate(&["harness"], 1, true);
    assert!(
        report
            .faults
            .iter()
            .all(|fault| !fault.what.contains("of 5 exercises") && !fault.what.contains("`same`")),
        "{:#?}",
        report.faults
    );
}
