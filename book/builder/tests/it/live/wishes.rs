//! Messages that must not work, before a run and in it. Each table lists its attacks.

use super::{DEADLINE, Page, Served};

/// First messages: what it is, the message, and a part of the answer.
#[rustfmt::skip]
fn wishes() -> Vec<(&'static str, String, &'static str)> {
    let run = |scene: &str| format!(r#"{{"run":{{"scene":{}}}}}"#, serde_json::json!(scene));
    let value = |name: &str, value: &str| {
        let values = serde_json::json!({ name: value });
        format!(r#"{{"run":{{"scene":"04-tcp-chat/slot","values":{values}}}}}"#)
    };
    let no_scene = "There is no such scene";
    vec![
        ("outside the tree", run("../../x"), no_scene),
        ("outside, in the name", run("04-tcp-chat/../../../x"), no_scene),
        ("outside, in the lesson", run("../scenes/04-tcp-chat/cat"), no_scene),
        ("absolute", run("/etc/passwd"), no_scene),
        ("lesson alone", run("04-tcp-chat"), no_scene),
        ("lesson and slash", run("04-tcp-chat/"), no_scene),
        ("NUL in the scene", run("04-tcp-chat/cat\0"), no_scene),
        ("empty", run(""), no_scene),
        ("full stop", run("./cat"), no_scene),
        ("long", run(&"x".repeat(7000)), no_scene),
        ("value with a dash", value("x", "--help"), "does not begin with `-`"),
        ("value with NUL", value("x", "a\0b"), "no control characters"),
        ("value with a newline", value("x", "a\nb"), "no control characters"),
        ("value with an escape", value("x", "\u{1b}[2J"), "no control characters"),
        ("empty value", value("x", ""), "Write something into the field."),
        ("long value", value("x", &"x".repeat(201)), "at most 200 characters"),
        ("value for no slot", value("y", "1"), "no such field"),
        ("value for a folder", value("dir", "/etc"), "no such field"),
        ("value that is a number", r#"{"run":{"scene":"04-tcp-chat/slot","values":{"x":1}}}"#.into(), "not known here"),
        ("not the first", r#""next""#.into(), "first says which scene"),
        ("typed at once", r#"{"type":{"terminal":0,"text":"x"}}"#.into(), "first says which scene"),
        ("a command", r#"{"run":{"command":"rm -r /"}}"#.into(), "not known here"),
        ("no JSON", "run".into(), "not known here"),
        ("nothing", String::new(), "not known here"),
        ("deep JSON", "[".repeat(8000), "not known here"),
        ("8 KiB and one octet", " ".repeat(8 * 1024 + 1), "could not be understood"),
        ("value of 100,000 characters", value("x", &"x".repeat(100_000)), "could not be understood"),
        ("1 MiB", " ".repeat(1024 * 1024), "could not be understood"),
    ]
}

#[test]
fn wishes_that_are_none_are_refused_in_a_sentence() {
    let served = Served::start();
    for (what, message, wanted) in wishes() {
        let mut page = served.page();
        page.say(&message);
        let refused = page.until("refused");
        let refused = refused.as_str().unwrap();
        assert!(refused.contains(wanted), "{what}: {refused}");
        let is_sentence = refused.starts_with(char::is_uppercase) && refused.ends_with('.');
        assert!(is_sentence, "{what}: {refused}");
        assert_eq!(page.hear(), None, "{what}");
    }
}

#[test]
fn a_page_that_says_nothing_is_not_waited_for() {
    let limits = book::serve::Limits {
        first_message: std::time::Duration::from_millis(50),
        ..Default::default()
    };
    let served = Served::with(limits);
    let mut page = served.page();
    let refused = page.until("refused");
    assert!(
        refused.as_str().unwrap().contains("did not say"),
        "{refused}"
    );
}

/// Messages in the middle of a run: what it is, the message, and a part of what it fails with.
#[rustfmt::skip]
fn interjections() -> Vec<(&'static str, String, &'static str)> {
    let run = r#"{"run":{"scene":"04-tcp-chat/cat"}}"#;
    vec![
        ("a second run", run.into(), "One connection is for one run"),
        ("no JSON", "stop".into(), "not known here"),
        ("negative terminal", r#"{"type":{"terminal":-1,"text":"x"}}"#.into(), "not known here"),
        ("1 MiB", "x".repeat(1024 * 1024), "could not be understood"),
    ]
}

#[test]
fn what_no_page_says_ends_the_run() {
    let served = Served::start();
    for (what, message, wanted) in interjections() {
        let mut page = served.page();
        let home = page.home();
        page.say(&message);
        let failed = page.until("failed");
        assert!(
            failed.as_str().unwrap().contains(wanted),
            "{what}: {failed}"
        );
        super::nothing_is_left_of(&home);
    }
}

#[test]
fn nothing_is_typed_before_the_take_over_nor_into_no_terminal() {
    let served = Served::start();
    let mut page = served.page();
    page.run("cat");
    page.until("started");
    page.say(r#"{"type":{"terminal":0,"text":"early\r"}}"#);
    page.say(r#"{"start":0}"#);
    page.say(r#""take-over""#);
    for terminal in ["1", "3", "255", "18446744073709551615"] {
        page.say(&format!(
            r#"{{"type":{{"terminal":{terminal},"text":"lost\r"}}}}"#
        ));
        page.say(&format!(r#"{{"start":{terminal}}}"#));
    }
    page.until("taken");
    page.say(r#"{"type":{"terminal":0,"text":"late\r"}}"#);
    // Once by the terminal's echo and once by the program, which may come late to the scene's own line.
    let shown = page.shows_often(0, "late", 2);
    assert!(
        !shown.contains("early") && !shown.contains("lost"),
        "{shown}"
    );
    page.say(r#""stop""#);
    assert_eq!(page.until("over"), "stopped");
}

#[test]
fn a_hundred_connections_get_four_runs() {
    let served = Served::start();
    let mut pages: Vec<Page> = (0..100).map(|_| served.page()).collect();
    let mut homes = Vec::new();
    for page in &mut pages[..4] {
        homes.push(page.home());
    }
    for page in &mut pages[4..] {
        page.run("home");
        let refused = page.until("refused");
        assert!(
            refused.as_str().unwrap().contains("4 scenes are running"),
            "{refused}"
        );
    }
    drop(pages);
    for home in &homes {
        super::nothing_is_left_of(home);
    }
    // The places are free again.
    let begun = std::time::Instant::now();
    loop {
        let mut page = served.page();
        page.run("short");
        if page
            .hear()
            .is_some_and(|said| said.to_string().contains("terminals"))
        {
            break;
        }
        assert!(begun.elapsed() < DEADLINE, "no place is free");
    }
}
