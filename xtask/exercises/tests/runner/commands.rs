//! Every command, with the real program in a small course.

use std::fs;
use std::io::Write as _;

use crate::common::{BITS, SHOUT, Tree, real};

#[test]
fn list_marks_what_is_passed_tried_new_and_next() {
    let tree = Tree::new();
    tree.run(&["list"])
        .good()
        .says(&["> new octet-to-bits 5 min", "0 of 2"]);
    tree.answer(BITS, tree.solution(BITS));
    tree.run(&["check", BITS]).good();
    tree.run(&["check", SHOUT]).bad();
    let list = tree.run(&["list"]).good();
    insta::assert_snapshot!(list.out);
    tree.answer(BITS, tree.solution(BITS) + "// A thought.\n");
    tree.run(&["list"]).good().says(&[
        "passed octet-to-bits 5 min An octet as eight bits (changed since)",
        "1 of 2",
    ]);
}

#[test]
fn list_fits_into_a_narrow_window() {
    let tree = Tree::new();
    for width in [40, 50] {
        let output = tree
            .command(&["list"])
            .env("COLUMNS", width.to_string())
            .output()
            .unwrap();
        let list = String::from_utf8(output.stdout).unwrap();
        for line in list.lines().filter(|line| !line.starts_with('`')) {
            assert!(line.chars().count() <= width, "{line}");
        }
    }
}

#[test]
fn next_shows_the_task_and_how_to_go_on() {
    let tree = Tree::new();
    let next = tree.run(&["next"]).good();
    insta::assert_snapshot!(next.out);
    // In any folder of the course.
    let deep = tree
        .command(&["next"])
        .current_dir(tree.exercise(SHOUT))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(deep.stdout).unwrap(), next.out);
}

#[test]
fn the_root_can_be_told() {
    let (tree, elsewhere) = (Tree::new(), tempfile::tempdir().unwrap());
    let root = tree.root().to_str().unwrap();
    let told = |arguments: &[&str], variable: &str| {
        let mut command = tree.command(arguments);
        command
            .current_dir(elsewhere.path())
            .env("EXERCISES_ROOT", variable);
        crate::common::Ran::from(command.output().unwrap())
    };
    told(&["list"], root).good().says(&["0 of 2"]);
    told(&["list", "--root", root], "/nowhere")
        .good()
        .says(&["0 of 2"]);
    told(&["list"], "/nowhere")
        .bad()
        .says(&["there is no course in /nowhere: change into the folder of the course"]);
}

#[test]
fn check_without_a_name_takes_the_current_one() {
    let tree = Tree::new();
    tree.run(&["check"]).bad().says(&["octet_to_bits(100)"]);
    tree.answer(BITS, tree.solution(BITS));
    tree.run(&["check"]).good().says(&[
        "An octet as eight bits: passed.",
        "Next: Answer each line (shout-each-line)",
    ]);
    tree.run(&["check"]).bad().says(&["a line is answered"]);
    tree.answer(SHOUT, tree.solution(SHOUT));
    tree.run(&["check"])
        .good()
        .says(&["All exercises are passed."]);
    tree.run(&["check"])
        .bad()
        .says(&["all exercises are passed: name the one"]);
    tree.run(&["next"])
        .good()
        .says(&["All exercises are passed."]);
    // Passed is passed, whatever is done afterwards.
    tree.answer(SHOUT, tree.starter(SHOUT));
    tree.run(&["check", SHOUT]).bad();
    tree.run(&["list"]).good().says(&["2 of 2"]);
}

#[test]
fn a_wrong_name_is_answered() {
    let tree = Tree::new();
    tree.run(&["check", "bits"])
        .bad()
        .says(&["there is no exercise `bits`. Do you mean `octet-to-bits`?"]);
    tree.run(&["check", "octets_to_bits"])
        .bad()
        .says(&["Do you mean `octet-to-bits`?"]);
    tree.run(&["check", "01"])
        .bad()
        .says(&["`01` is a lesson. Name one of its exercises: `octet-to-bits`"]);
    tree.run(&["hint", "xyz"])
        .bad()
        .says(&["`cargo xtask exercise list` shows all"]);
    tree.run(&["hint", "lessons/01-ip-address/exercises/octet-to-bits/"])
        .good();
    tree.run(&["hint", tree.file(BITS).to_str().unwrap()])
        .good();
}

#[test]
fn the_folder_says_which_exercise_is_meant() {
    let tree = Tree::new();
    for arguments in [&["hint"][..], &["hint", "."], &["hint", "exercise.rs"]] {
        let ran = tree
            .command(arguments)
            .current_dir(tree.exercise(SHOUT))
            .output()
            .unwrap();
        let told = String::from_utf8(ran.stdout).unwrap();
        assert!(
            told.contains("for shout-each-line"),
            "{arguments:?}: {told}"
        );
    }
    tree.run(&["hint", "."])
        .bad()
        .says(&["is the folder of no exercise"]);
}

#[test]
fn a_folder_that_is_no_exercise_keeps_nobody_from_the_others() {
    let tree = Tree::new();
    let own = tree.path("lessons/04-tcp-chat/exercises/my copy");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("exercise.rs"), "// mine").unwrap();
    fs::create_dir_all(tree.path("lessons/04-tcp-chat/exercises/.editor")).unwrap();
    let ran = tree.run(&["list"]).good();
    let ran = ran.says(&[
        "0 of 2",
        "my copy is left out",
        "move it out of `exercises`",
    ]);
    assert!(!ran.err.contains(".editor"), "{}", ran.err);
}

#[test]
fn hints_come_one_after_the_other() {
    let tree = Tree::new();
    for (number, left) in [
        ("1", "(2 hints left)"),
        ("2", "(1 hint left)"),
        ("3", "(no new hint left)"),
    ] {
        tree.run(&["hint", SHOUT])
            .good()
            .says(&[&format!("Hint {number} of 3 for shout-each-line"), left]);
    }
    tree.run(&["hint"]).good().says(&[
        "You have seen all hints",
        "Hint 1 of 3",
        "Hint 3 of 3",
        "(no new hint left)",
    ]);
}

#[test]
fn a_solution_is_shown_after_a_pass() {
    let tree = Tree::new();
    tree.run(&["solution", BITS])
        .bad()
        .says(&["`octet-to-bits` is not passed yet", "--spoil"]);
    tree.run(&["solution", BITS, "--spoil"])
        .good()
        .says(&["for weight in"]);
    tree.answer(BITS, tree.solution(BITS));
    tree.run(&["check", BITS]).good();
    tree.run(&["solution", BITS])
        .good()
        .says(&["for weight in"]);
    fs::remove_file(tree.exercise(BITS).join("solution.rs")).unwrap();
    tree.run(&["solution", BITS])
        .bad()
        .says(&["this copy of the course has no solutions"]);
}

#[test]
fn export_writes_the_answers_and_nothing_else() {
    let tree = Tree::new();
    tree.answer(SHOUT, b"// not text: \xff\n");
    tree.run(&["export", "--name", "Ada"]).good().says(&[
        "hand-in.zip holds your answers to 1 exercise, and 1 file still as handed out. Hand",
    ]);
    let zip = || zip::ZipArchive::new(fs::File::open(tree.path("hand-in.zip")).unwrap()).unwrap();
    let mut names: Vec<String> = zip()
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "hand-in.json",
            "lessons/01-ip-address/exercises/octet-to-bits/exercise.rs",
            "lessons/04-tcp-chat/exercises/shout-each-line/exercise.rs",
        ]
    );
    let about = std::io::read_to_string(zip().by_name("hand-in.json").unwrap()).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        about,
        format!("{{\n  \"course\": \"{version}\",\n  \"name\": \"Ada\"\n}}")
    );
    // Nothing of the machine: neither the place nor the time, nor who is at work.
    let octets = fs::read(tree.path("hand-in.zip")).unwrap();
    let place = tree.root().file_name().unwrap().as_encoded_bytes();
    assert!(!octets.windows(place.len()).any(|window| window == place));
    tree.answer(SHOUT, b"// not text: \xff\n");
    tree.run(&["export", "again.zip", "--name", "Ada"]).good();
    assert_eq!(octets, fs::read(tree.path("again.zip")).unwrap());
}

#[test]
fn grade_reads_what_export_writes() {
    let tree = Tree::new();
    fs::create_dir(tree.path("handed-in")).unwrap();
    tree.answer(BITS, tree.solution(BITS));
    for (file, name) in [("1.zip", "Ada \"A.\", née 李"), ("2.zip", "")] {
        let file = format!("handed-in/{file}");
        let named: &[&str] = if name.is_empty() {
            &[]
        } else {
            &["--name", name]
        };
        tree.run(&[&["export", &file], named].concat()).good();
    }
    // One from last year.
    let old = fs::File::create(tree.path("handed-in/3.zip")).unwrap();
    let mut old = zip::ZipWriter::new(old);
    let options = zip::write::SimpleFileOptions::default();
    old.start_file("hand-in.json", options).unwrap();
    old.write_all(br#"{"course": "0.0.1", "name": "Old"}"#)
        .unwrap();
    old.finish().unwrap();
    let ran = tree.run(&["grade", "handed-in", "--csv", "grades.csv"]);
    ran.good().says(&["Old: It comes from version 0.0.1 of"]);
    let csv = fs::read_to_string(tree.path("grades.csv")).unwrap();
    let mut lines = csv.lines().skip(1);
    for begin in [
        "2,2.zip,passed,not begun,1,",
        "\"Ada \"\"A.\"\", née 李\",1.zip,passed,not begun,1,",
        "Old,3.zip,not handed in,not handed in,0,",
    ] {
        let line = lines.next().unwrap();
        assert!(line.starts_with(begin), "{line}");
    }
}

#[test]
fn export_spoils_no_file() {
    let tree = Tree::new();
    let file = tree.file(BITS);
    let before = fs::read(&file).unwrap();
    tree.run(&["export", file.to_str().unwrap()])
        .bad()
        .says(&["choose another name"]);
    assert_eq!(fs::read(&file).unwrap(), before);
    tree.run(&["export", "."])
        .bad()
        .says(&[". is a folder: name a file in it"]);
    tree.run(&["export", "no/such/folder.zip"])
        .bad()
        .says(&["cannot write no/such/folder.zip"]);
    // An earlier hand-in is replaced.
    tree.run(&["export"])
        .good()
        .says(&["Your name is not in it"]);
    tree.run(&["export"]).good();
    fs::remove_file(tree.file(SHOUT)).unwrap();
    tree.answer(BITS, vec![b' '; 10 << 20]);
    tree.run(&["export"]).good().says(&[
        "answers to 0 exercises",
        "Left out:",
        "it is larger than 1 MiB",
    ]);
    assert_eq!(
        fs::read_dir(tree.root())
            .unwrap()
            .filter(|entry| {
                entry
                    .as_ref()
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .ends_with(".new")
            })
            .count(),
        0
    );
}

#[test]
fn the_real_course_is_found_and_its_progress_is_nobodys_file() {
    let ignored = fs::read_to_string(real().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/.exercises"));
}
