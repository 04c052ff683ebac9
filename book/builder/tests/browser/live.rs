//! Scenes that run, driven as a reader would.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use fantoccini::Client;
use fantoccini::key::Key;
use serde_json::json;

use crate::CHAT;
use crate::driver::{DEADLINE, Setting, with};
use crate::place::{Server, ask, complaints, press, until, violations};

/// Opens the book with its key, and a chapter.
async fn open(client: &Client, server: &Server, page: &str) {
    client.goto(&server.address).await.unwrap();
    client.goto(&server.page(page)).await.unwrap();
}

pub fn in_scene(scene: &str, selector: &str) -> String {
    format!("document.querySelector('[data-scene=\"{scene}\"] {selector}')")
}

/// The text that a live terminal shows, as a screen reader is told.
fn shown(scene: &str, terminal: usize) -> String {
    format!(
        "(document.querySelectorAll('[data-scene=\"{scene}\"] .xterm-accessibility')[{terminal}]\
         ?.textContent ?? '')"
    )
}

pub async fn says(client: &Client, scene: &str, text: &str) {
    let status = in_scene(scene, ".scene-status");
    until(client, &format!("{status}.textContent.includes('{text}')")).await;
}

/// Types into the terminal that has the focus.
async fn type_text(client: &Client, text: &str) {
    let focused = client.active_element().await.unwrap();
    focused.send_keys(text).await.unwrap();
}

async fn focus(client: &Client, scene: &str, terminal: usize) {
    let area = format!(
        "document.querySelectorAll('[data-scene=\"{scene}\"] .live-frame textarea')[{terminal}]"
    );
    ask(client, &format!("{area}.focus() || null")).await;
}

/// Waits until a server has so many of the lessons' programs, and returns them.
///
/// One look is not enough: a list of children may leave some out when another one ends meanwhile, such as the
/// cargo that has just built them (proc_tid_children(5)).
fn await_programs(of: u32, count: usize) -> BTreeSet<u32> {
    let end = std::time::Instant::now() + DEADLINE;
    loop {
        let found = programs(of);
        if found.len() == count {
            return found;
        }
        assert!(std::time::Instant::now() < end, "there are {found:?}");
        std::thread::yield_now();
    }
}

fn programs(of: u32) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let mut next = vec![of];
    while let Some(parent) = next.pop() {
        let tasks = fs::read_dir(format!("/proc/{parent}/task"));
        for task in tasks.into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            next.extend(
                children
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
        }
        let name = fs::read_to_string(format!("/proc/{parent}/comm")).unwrap_or_default();
        if name.starts_with("lesson-") {
            found.insert(parent);
        }
    }
    found
}

fn is_there(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // A zombie runs no more; only its parent has not asked for it yet.
    !stat.is_empty() && !stat.contains(") Z ")
}

/// Waits until all these have ended.
fn await_end(processes: &BTreeSet<u32>) {
    let end = std::time::Instant::now() + DEADLINE;
    while processes.iter().any(|process| is_there(*process)) {
        assert!(
            std::time::Instant::now() < end,
            "{processes:?} are still there"
        );
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn the_chat_runs_and_both_terminals_are_taken_over() {
    with(Setting::default(), async |client| {
        let server = Server::start();
        open(client, &server, "04-tcp-chat.html").await;
        let loaded =
            "performance.getEntriesByType('resource').some(one => one.name.includes('xterm'))";
        assert_eq!(ask(client, loaded).await, json!(false));
        press(client, CHAT, "Run").await;
        says(client, CHAT, "All steps have come true.").await;
        assert_eq!(ask(client, loaded).await, json!(true));
        let done = format!(
            "[...document.querySelectorAll('[data-scene=\"{CHAT}\"] .scene-steps li')]\
             .every(item => item.dataset.step === 'done')"
        );
        assert_eq!(ask(client, &done).await, json!(true));
        until(
            client,
            &format!("{}.includes('我是客户端')", shown(CHAT, 0)),
        )
        .await;

        // The steps and the terminals speak of the same port, and of the command as a reader types it.
        let steps = in_scene(CHAT, ".scene-steps");
        let port = format!("{steps}.textContent.match(/--port (\\d+)/)[1]");
        let port = ask(client, &port).await.as_str().unwrap().to_owned();
        let said = format!("{steps}.textContent.includes('listening on 127.0.0.1:{port}')");
        assert_eq!(ask(client, &said).await, json!(true));
        let command = format!("cargo run -q -p lesson-04-tcp-chat -- client --port {port}");
        until(client, &format!("{}.includes('{command}')", shown(CHAT, 1))).await;

        assert_eq!(violations(client).await, Vec::<String>::new());

        press(client, CHAT, "Step by step").await;
        for _ in 0..4 {
            press(client, CHAT, "Next").await;
        }
        press(client, CHAT, "Take over").await;
        says(client, CHAT, "The programs are yours").await;
        focus(client, CHAT, 1).await;
        type_text(client, "one line, 世界\u{e007}").await;
        until(
            client,
            &format!("{}.includes('one line, 世界')", shown(CHAT, 0)),
        )
        .await;
        focus(client, CHAT, 0).await;
        type_text(client, "typed by hand\u{e007}").await;
        until(
            client,
            &format!("{}.includes('typed by hand')", shown(CHAT, 1)),
        )
        .await;
        // Ctrl-C, by the pseudo-terminal and not by the page.
        focus(client, CHAT, 1).await;
        type_text(
            client,
            &format!("{}c{}", char::from(Key::Control), char::from(Key::Null)),
        )
        .await;
        let state = in_scene(
            CHAT,
            ".live-terminals .terminal:nth-child(2) .terminal-state",
        );
        until(
            client,
            &format!("{state}.textContent === 'ended, exit code 130'"),
        )
        .await;
        press(client, CHAT, "Stop").await;
        press(client, CHAT, "Back to the record").await;
        let record = in_scene(CHAT, ".terminals");
        until(client, &format!("{record}.hidden === false")).await;
        // The record has its own ports, whatever ran meanwhile.
        press(client, CHAT, "Replay").await;
        let own = format!("{steps}.textContent.includes('listening on 127.0.0.1:8080')");
        until(client, &own).await;
        assert_eq!(complaints(client).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn two_scenes_run_at_once() {
    const OTHER: &str = "04-tcp-chat/one-command";
    with(Setting::default(), async |client| {
        let server = Server::start();
        open(client, &server, "04-tcp-chat.html").await;
        press(client, CHAT, "Step by step").await;
        press(client, CHAT, "Next").await;
        press(client, OTHER, "Run").await;
        says(client, OTHER, "All steps have come true.").await;
        for _ in 0..3 {
            press(client, CHAT, "Next").await;
        }
        press(client, CHAT, "Stop").await;
        says(client, CHAT, "Stopped.").await;
        let state = in_scene(CHAT, ".live-terminals .terminal-state");
        until(client, &format!("{state}.textContent === 'stopped'")).await;
    })
    .await;
}

#[tokio::test]
async fn a_page_that_is_closed_or_loaded_anew_leaves_no_program_behind() {
    with(Setting::default(), async |client| {
        let server = Server::start();
        for leave in [
            "window.location.reload()",
            "window.location = 'about:blank'",
        ] {
            open(client, &server, "04-tcp-chat.html").await;
            press(client, CHAT, "Step by step").await;
            for _ in 0..4 {
                press(client, CHAT, "Next").await;
            }
            until(client, &format!("{}.includes('connected')", shown(CHAT, 1))).await;
            let running = await_programs(server.id(), 2);
            ask(client, &format!("{leave} || null")).await;
            await_end(&running);
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_that_ends_is_told() {
    with(Setting::default(), async |client| {
        for (signal, said) in [
            ("KILL", "The connection to the server has ended."),
            ("INT", "The server has ended, and the programs with it."),
        ] {
            let server = Server::start();
            open(client, &server, "04-tcp-chat.html").await;
            press(client, CHAT, "Step by step").await;
            press(client, CHAT, "Next").await;
            let state = in_scene(CHAT, ".terminal-state");
            until(client, &format!("{state}.textContent === 'running'")).await;
            let running = await_programs(server.id(), 1);
            let id = server.id().to_string();
            let sent = Command::new("kill").args(["-s", signal, &id]).status();
            assert!(sent.unwrap().success());
            says(client, CHAT, said).await;
            await_end(&running);
        }
    })
    .await;
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    with(Setting::default(), async |client| {
        let server = Server::start();
        open(client, &server, "04-tcp-chat.html").await;
        let step = in_scene(CHAT, "[data-action=step]");
        ask(client, &format!("{step}.focus() || null")).await;
        type_text(client, "\u{e007}").await;
        // The button that was pressed is gone; the focus is on the next one that means something.
        for _ in 0..4 {
            let next = "document.activeElement.dataset.action === 'next'";
            until(
                client,
                &format!("{next} && document.activeElement.ariaDisabled !== 'true'"),
            )
            .await;
            type_text(client, " ").await;
        }
        until(client, "document.activeElement.dataset.action === 'next'").await;
        type_text(client, "\u{e004}").await;
        until(
            client,
            "document.activeElement.dataset.action === 'takeover'",
        )
        .await;
        type_text(client, "\u{e007}").await;
        until(client, "document.activeElement.tagName === 'TEXTAREA'").await;
        let before = ask(client, "document.activeElement.getAttribute('aria-label')").await;
        assert!(before.as_str().unwrap().contains("server"), "{before}");
        // Tab belongs to the program; Shift+Tab leaves the terminal.
        type_text(
            client,
            &format!(
                "{}\u{e004}{}",
                char::from(Key::Shift),
                char::from(Key::Null)
            ),
        )
        .await;
        until(client, "document.activeElement.tagName !== 'TEXTAREA'").await;
    })
    .await;
}

#[tokio::test]
async fn a_reader_puts_another_value_into_a_command() {
    const FIRST: &str = "01-ip-address/first-look";
    with(Setting::default(), async |client| {
        let server = Server::start();
        open(client, &server, "01-ip-address.html").await;
        let field = in_scene(FIRST, "input[data-slot=address]");
        assert_eq!(ask(client, &format!("{field}.value")).await, "100.4.5.6");
        for (value, expected) in [("10.0.0.1", "00001010.00000000"), ("1.2.3.400", "400")] {
            ask(client, &format!("({field}.value = '{value}') && null")).await;
            ask(client, &format!("{field}.focus() || null")).await;
            type_text(client, "\u{e007}").await;
            until(
                client,
                &format!("{}.includes('{expected}')", shown(FIRST, 0)),
            )
            .await;
            let state = format!("document.querySelector('[data-scene=\"{FIRST}\"]').dataset.state");
            until(client, &format!("{state} === 'over'")).await;
        }
        ask(client, &format!("({field}.value = '--help') && null")).await;
        ask(client, &format!("{field}.focus() || null")).await;
        type_text(client, "\u{e007}").await;
        says(client, FIRST, "does not begin with").await;
    })
    .await;
}
