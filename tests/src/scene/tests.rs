//! What a scene file may say, and what is said about one that is wrong.

use super::*;
use crate::wire::{Plan, Wire};

fn parse(text: &str) -> Result<Scene> {
    Scene::parse("00/test", Path::new("test.scene"), text)
}

fn complaint(text: &str) -> String {
    format!("{:#}", parse(text).expect_err("this scene is wrong"))
}

#[test]
fn a_whole_scene() {
    let scene = parse(
            "# A caption\n# in two lines.\n\n# not the caption\nport 8080\nprompt >>>\nfile a.txt\n| one\n|\nwire 8080/udp\npause 100\n\
             a $ lesson-04-tcp-chat server --port 8080\na > {ab*3}!\na ! ctrl-c\na = 130\n",
        )
        .unwrap();
    assert_eq!(scene.caption, "A caption in two lines.");
    assert_eq!(scene.files, [("a.txt".to_owned(), "one\n\n".to_owned())]);
    assert_eq!(scene.ports, [8080]);
    let (port, udp) = (8080, true);
    let plan = Plan {
        wires: vec![Wire { port, udp }],
        pause: Some(100),
    };
    assert_eq!(scene.wire, plan);
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
        (
            "# c\nport 8080\npause 100\n",
            "expected milliseconds, and a `wire` line above",
        ),
        (
            "# c\nport 8080\nwire 8080\npause long\n",
            "test.scene:4: pause long: expected milliseconds",
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
    assert!(parse("# c\na $ cat {dir}\na ? {p} {~ms}\nb $ cat {p}\nb > {p} {\"p\": 1}\n").is_ok());
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

#[test]
fn a_slot_stands_in_commands_and_takes_other_values() {
    let scene = parse("# c\nslot x 1.2.3.4\na $ ip-demo {x}\na $ ls\n").unwrap();
    let values = |name: &str, value: &str| [(name.to_owned(), value.to_owned())].into();
    let (own, same) = scene.with_values(&values("x", "1.2.3.4")).unwrap();
    assert_eq!((own.slots[0].value.as_str(), same), ("1.2.3.4", true));
    let (other, same) = scene.with_values(&values("x", "a b")).unwrap();
    assert_eq!((other.slots[0].value.as_str(), same), ("a b", false));
    for (name, value, sentence) in [("y", "1", "no such field"), ("x", "-v", "does not begin")] {
        let error = scene
            .with_values(&values(name, value))
            .unwrap_err()
            .to_string();
        assert!(error.contains(sentence), "{error}");
    }
}

#[test]
fn a_slot_that_a_shell_would_read_is_a_fault() {
    for (text, expected) in [
        (
            "slot x 1\na $ cat {x} | wc\n",
            "test.scene:3: expected the slot `{x}` in a command",
        ),
        ("slot x 1\na $ cat '{x}'\n", "without quotes"),
        (
            "slot x 1\na $ cat {x}\na > {x}\n",
            "test.scene:4: expected the slot",
        ),
        (
            "slot x 1\na $ ls\n",
            "test.scene:1: expected `{x}` in a command",
        ),
        (
            "slot x 1\na $ cat {x}\na ? {x}\n",
            "another name than the slot's",
        ),
        (
            "slot x 1\nslot x 2\na $ cat {x}\n",
            "expected each slot once",
        ),
        ("slot x -v\na $ cat {x}\n", "does not begin with `-`"),
        ("slot x\na $ cat {x}\n", "expected a slot's name"),
    ] {
        let error = complaint(&format!("# c\n{text}"));
        assert!(error.contains(expected), "{error}");
    }
}
