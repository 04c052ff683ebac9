//! Files in any state, damage, no room, and two runners at once.

use std::fs;
use std::thread;

use crate::common::{BITS, SHOUT, Tree};

#[test]
fn a_file_in_any_state_is_one_sentence() {
    let tree = Tree::new();
    let file = tree.file(BITS);
    let check = || tree.run(&["check", BITS]).bad();
    let shown = "lessons/01-ip-address/exercises/octet-to-bits/exercise.rs";
    tree.answer(BITS, " \n\n");
    check().says(&[&format!("{shown} is empty: write your answer, or")]);
    tree.answer(BITS, b"// a\n// \xff\n");
    check().says(&[&format!("{shown} is not UTF-8 text: octet ff in line 2.")]);
    tree.answer(BITS, vec![b'x'; 10_000_000]);
    check().says(&[&format!(
        "{shown} has 10 MB: an answer has a few hundred lines."
    )]);
    fs::remove_file(&file).unwrap();
    check().says(&[&format!(
        "{shown} is missing: `cargo xtask exercise reset octet-to-bits`"
    )]);
    fs::create_dir(&file).unwrap();
    check().says(&[&format!("{shown} is a folder: move it away")]);
    // A folder is kept aside too, with what is in it.
    fs::write(file.join("mine.rs"), "mine").unwrap();
    tree.run(&["reset", BITS]).good();
    assert_eq!(
        fs::read_to_string(tree.kept()[0].join("mine.rs")).unwrap(),
        "mine"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), tree.starter(BITS));
    check().says(&["`octet_to_bits(100)` returned \"100\""]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let tree = Tree::new();
    fs::remove_file(tree.file(BITS)).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(tree.file(BITS))
        .status()
        .unwrap();
    assert!(made.success());
    tree.run(&["check", BITS])
        .bad()
        .says(&["is not a plain file"]);
    tree.run(&["list"]).good();
    tree.run(&["export"])
        .good()
        .says(&["it is not a plain file"]);
    tree.run(&["reset", BITS]).good();
}

#[test]
fn nothing_a_student_wrote_is_lost() {
    let tree = Tree::new();
    let mine: Vec<Vec<u8>> = (0..5)
        .map(|number| format!("mine {number}\n\u{ff}").into_bytes())
        .collect();
    for text in &mine {
        tree.answer(BITS, text);
        let said = tree.run(&["reset", BITS]).good();
        assert_eq!(
            fs::read_to_string(tree.file(BITS)).unwrap(),
            tree.starter(BITS)
        );
        // The path that was printed holds it.
        let path = said
            .out
            .split_whitespace()
            .find(|word| word.starts_with(".exercises"))
            .unwrap();
        assert_eq!(
            &fs::read(tree.path(path.trim_end_matches('.'))).unwrap(),
            text
        );
    }
    assert_eq!(tree.kept().len(), mine.len());
    // Nothing of the student's stands there: nothing is kept.
    tree.run(&["reset", BITS])
        .good()
        .says(&["nothing of yours stood there"]);
    assert_eq!(tree.kept().len(), mine.len());
    fs::remove_file(tree.file(BITS)).unwrap();
    tree.run(&["reset", BITS]).good();
    tree.run(&["reset", "nothing"]).bad();
}

#[test]
fn a_reset_begins_anew() {
    let tree = Tree::new();
    tree.answer(BITS, tree.solution(BITS));
    tree.run(&["check", BITS]).good();
    tree.run(&["reset", BITS]).good();
    tree.run(&["list"]).good().says(&["> new octet-to-bits"]);
    assert_eq!(
        fs::read_to_string(&tree.kept()[0]).unwrap(),
        tree.solution(BITS)
    );
}

/// A file where a folder has to be stands for a disk that takes nothing more.
#[test]
fn where_nothing_can_be_kept_the_student_hears_it_and_goes_on() {
    let tree = Tree::new();
    fs::write(tree.path(".exercises"), "").unwrap();
    tree.answer(BITS, "mine");
    tree.run(&["reset", BITS])
        .bad()
        .says(&["cannot be kept aside, so it stays as it is"]);
    assert_eq!(fs::read_to_string(tree.file(BITS)).unwrap(), "mine");
    tree.answer(BITS, tree.solution(BITS));
    tree.run(&["check", BITS])
        .good()
        .says(&["passed.", "Your progress could not be kept: cannot create"]);
    tree.run(&["hint", BITS]).good().says(&["Hint 1 of 3"]);
    tree.run(&["list"]).good().says(&["tried octet-to-bits"]);
    tree.run(&["next"]).good();
}

#[test]
fn a_disk_without_room_for_the_build_is_said() {
    let tree = Tree::new();
    fs::write(tree.path("target"), "").unwrap();
    tree.run(&["check", BITS])
        .bad()
        .says(&["error: cannot create"]);
}

#[test]
fn a_damaged_progress_file_is_rebuilt() {
    for damage in [&b"{\"exercises\": {\"octet"[..], b"", b"\xff\xfe", b"[1]"] {
        let tree = Tree::new();
        tree.answer(BITS, tree.solution(BITS));
        fs::create_dir(tree.path(".exercises")).unwrap();
        fs::write(tree.path(".exercises/progress.json"), damage).unwrap();
        tree.run(&["list"]).good().says(&[
            "Your progress file was damaged. It is kept as .exercises/kept/damaged-progress-",
            "checked again: octet-to-bits: passed",
            "1 of 2",
        ]);
        assert_eq!(fs::read(&tree.kept()[0]).unwrap(), damage);
        let again = tree.run(&["list"]).good();
        assert_eq!(again.err, "");
    }
}

#[test]
fn a_rebuild_that_was_interrupted_goes_on() {
    let tree = Tree::new();
    tree.answer(BITS, tree.solution(BITS));
    tree.answer(SHOUT, tree.solution(SHOUT));
    fs::create_dir(tree.path(".exercises")).unwrap();
    let interrupted = format!(
        "{{\"exercises\": {{\"{BITS}\": {{\"passed\": \"0\"}}}}, \"unchecked\": [\"{SHOUT}\", \"gone\"]}}"
    );
    fs::write(tree.path(".exercises/progress.json"), interrupted).unwrap();
    tree.run(&["list"])
        .good()
        .says(&["checked again: shout-each-line: passed", "2 of 2"]);
    assert!(!tree.progress().contains("unchecked"));
}

#[test]
fn two_runners_lose_nothing_of_each_other() {
    let tree = Tree::new();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                tree.run(&["check", BITS])
                    .bad()
                    .says(&["FAILED the octets of 100.4.5.6"])
            });
            scope.spawn(|| tree.run(&["hint", SHOUT]).good());
            scope.spawn(|| {
                tree.run(&["check", SHOUT])
                    .bad()
                    .says(&["passed the server is done"])
            });
        }
    });
    let progress: serde_json::Value = serde_json::from_str(&tree.progress()).unwrap();
    assert_eq!(progress["exercises"][BITS]["tries"], 4);
    assert_eq!(progress["exercises"][SHOUT]["tries"], 4);
    assert_eq!(progress["exercises"][SHOUT]["hints"], 3);
    assert!(!tree.path(".exercises/progress.new").exists());
}

/// At whatever moment a runner is killed, the progress is whole.
#[cfg(unix)]
#[test]
fn a_killed_runner_leaves_the_progress_whole() {
    let tree = Tree::new();
    tree.answer(BITS, tree.solution(BITS));
    tree.run(&["check", BITS]).good();
    for wait in (0..30).map(|number| number % 10) {
        let mut runner = tree
            .command(&["hint", SHOUT])
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Some microseconds of work, more each time: the kill comes at another moment.
        for _ in 0..wait {
            fs::metadata(tree.root()).unwrap();
            thread::yield_now();
        }
        let _ = runner.kill();
        runner.wait().unwrap();
        let list = tree.run(&["list"]).good().says(&["1 of 2"]);
        assert_eq!(list.err, "");
    }
    tree.run(&["hint", SHOUT]).good();
}
