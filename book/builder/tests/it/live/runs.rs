//! Scenes as a page plays them, and how they end.

use std::time::Duration;

use book::serve::Limits;

use super::{Served, nothing_is_left_of};

#[test]
fn a_page_plays_a_scene_of_the_course() {
    let served = Served::of_this_course();
    let mut page = served.page();
    page.run("turn-taking");
    assert_eq!(
        page.until("terminals"),
        serde_json::json!(["server", "client"])
    );
    let ports = page.until("ports");
    assert_eq!(ports[0][0], 8080);
    let port = ports[0][1].as_u64().unwrap();
    assert_eq!(page.until("step"), 0);
    let started = page.until("started");
    assert_eq!(
        started,
        serde_json::json!({
            "terminal": 0,
            "command": format!("lesson-04-tcp-chat server --port {port}"),
            "typed": format!("cargo run -q -p lesson-04-tcp-chat -- server --port {port}"),
        })
    );
    page.shows(1, "hi, who is calling?");
    let ended = page.until("ended");
    assert_eq!(ended["code"], 0);
    assert_eq!(page.until("over"), "played");
    assert_eq!(page.hear(), None);
}

#[test]
fn two_pages_play_the_same_scene_at_once() {
    let served = Served::of_this_course();
    let mut pages = [served.page(), served.page()];
    for page in &mut pages {
        page.run("turn-taking");
    }
    for page in &mut pages {
        assert_eq!(page.until("over"), "played");
    }
}

#[test]
fn step_by_step_and_then_by_itself() {
    let served = Served::start();
    let mut page = served.page();
    page.say(r#"{"run":{"scene":"04-tcp-chat/short","step":true}}"#);
    assert_eq!(page.until("waiting"), 0);
    page.say(r#""next""#);
    assert_eq!(page.until("done"), 0);
    assert_eq!(page.until("waiting"), 1);
    page.say(r#""play""#);
    assert_eq!(page.until("over"), "played");
}

#[test]
fn a_value_reaches_the_program_as_one_argument() {
    let served = Served::start();
    let mut page = served.page();
    let value = r"$(id) ; 'a' | {dir} `b`";
    let values = serde_json::json!({ "x": value });
    page.say(&format!(
        r#"{{"run":{{"scene":"04-tcp-chat/slot","values":{values}}}}}"#
    ));
    page.shows(0, &format!("{value};"));
    assert_eq!(page.until("over"), "played");
}

#[test]
fn a_page_that_closes_leaves_nothing_running() {
    let served = Served::start();
    let mut page = served.page();
    let home = page.home();
    drop(page);
    nothing_is_left_of(&home);
}

#[test]
fn a_run_has_a_deadline() {
    let served = Served::with(Limits {
        // Long enough for a program to say where it is.
        time: Duration::from_secs(2),
        ..Limits::default()
    });
    let mut page = served.page();
    let home = page.home();
    let failed = page.until("failed");
    assert!(
        failed.as_str().unwrap().contains("was stopped: it ran for"),
        "{failed}"
    );
    nothing_is_left_of(&home);
    // Also when the page has not read what a flood has left for it.
    let mut page = served.page();
    page.run("flood");
    let mut other = served.page();
    other.home();
    other.until("failed");
    while page.hear().is_some() {}
}

#[test]
fn more_terminals_than_there_are_places_for_are_refused() {
    let served = Served::with(Limits {
        programs: 2,
        ..Limits::default()
    });
    let mut first = served.page();
    first.home();
    let mut second = served.page();
    second.run("two");
    let refused = second.until("refused");
    assert!(
        refused
            .as_str()
            .unwrap()
            .contains("needs 2 terminals, and 1 of 2 are taken"),
        "{refused}"
    );
}

#[test]
fn typing_into_a_program_that_does_not_read_does_not_hold_up_its_end() {
    let served = Served::start();
    let mut page = served.page();
    page.run("deaf");
    page.until("started");
    page.say(r#""take-over""#);
    page.until("taken");
    let text = "x".repeat(8000);
    for _ in 0..200 {
        page.say(&format!(r#"{{"type":{{"terminal":0,"text":"{text}"}}}}"#));
    }
    page.say(r#""stop""#);
    assert_eq!(page.until("over"), "stopped");
}

#[test]
fn whoever_takes_over_twice_still_has_the_programs() {
    let served = Served::start();
    for step in [false, true] {
        let mut page = served.page();
        page.say(&format!(
            r#"{{"run":{{"scene":"04-tcp-chat/cat","step":{step}}}}}"#
        ));
        for _ in 0..3 {
            page.say(r#""take-over""#);
        }
        page.until("taken");
        page.say(r#""take-over""#);
        page.say(r#"{"start":0}"#);
        for text in ["one", "two"] {
            page.say(&format!(r#"{{"type":{{"terminal":0,"text":"{text}\r"}}}}"#));
            page.shows(0, &format!("{text}\r\n{text}"));
            page.say(r#""take-over""#);
        }
        page.say(r#""stop""#);
        assert_eq!(page.until("over"), "stopped");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_that_is_started_again_and_again_takes_no_more_files() {
    let served = Served::start();
    let mut page = served.page();
    // Step by step: else the scene may be over before it is taken over.
    page.say(r#"{"run":{"scene":"04-tcp-chat/short","step":true}}"#);
    page.say(r#""take-over""#);
    page.until("taken");
    // Of the other tests in this process, none opens nearly as many.
    let mut open = Vec::new();
    for _ in 0..150 {
        page.say(r#"{"start":0}"#);
        page.until("ended");
        open.push(super::terminals());
    }
    let most = open[10..].iter().max().unwrap();
    assert!(*most < 100, "{open:?}");
    page.say(r#""stop""#);
    assert_eq!(page.until("over"), "stopped");
}

#[test]
fn a_flood_ends_the_run_at_its_limit() {
    let served = Served::start();
    let mut page = served.page();
    page.run("flood");
    let failed = page.until("failed");
    assert!(
        failed.as_str().unwrap().contains("more than 8 MiB"),
        "{failed}"
    );
}

#[test]
fn the_end_of_the_server_is_the_end_of_its_programs() {
    let mut served = Served::start();
    let mut page = served.page();
    let home = page.home();
    served.stop();
    nothing_is_left_of(&home);
}
