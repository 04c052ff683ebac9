//! The book is built anew while pages are open.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;

use book::serve::rebuild;

use super::{DEADLINE, Served, ask, header, status};
use crate::fixture::CHAPTER;

/// The lines that an open page hears.
fn listen(served: &Served) -> impl Iterator<Item = String> + use<> {
    listen_with(served, "")
}

fn listen_with(served: &Served, headers: &str) -> impl Iterator<Item = String> + use<> {
    let mut stream = TcpStream::connect(served.addr).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let request = format!(
        "GET /live/changes HTTP/1.1\r\nHost: {}\r\n{headers}\r\n",
        served.addr
    );
    stream.write_all(request.as_bytes()).unwrap();
    BufReader::new(stream).lines().map_while(Result::ok)
}

fn next(lines: &mut impl Iterator<Item = String>, beginning: &str) -> String {
    // A server that has nothing to tell says so again and again, which is no end of the lines.
    let end = Instant::now() + DEADLINE;
    let mut lines = lines.take_while(|_| Instant::now() < end);
    let found = lines.find_map(|line| line.strip_prefix(beginning).map(str::to_owned));
    found.unwrap_or_else(|| unreachable!("no {beginning}"))
}

/// Waits for an event of this name.
fn until_event(lines: &mut impl Iterator<Item = String>, name: &str) {
    while next(lines, "event: ") != name {}
}

/// The number of the build, which every page hears first.
fn hello(lines: &mut impl Iterator<Item = String>) -> u64 {
    assert_eq!(next(lines, "event: "), "hello");
    let data: serde_json::Value = serde_json::from_str(&next(lines, "data: ")).unwrap();
    data["build"].as_u64().unwrap()
}

fn build(number: u64) -> String {
    serde_json::json!({ "build": number }).to_string()
}

#[test]
fn a_saved_chapter_becomes_a_page_and_a_spoilt_one_leaves_the_old() {
    let served = Served::start();
    let (sender, said) = channel();
    rebuild::watch(
        Arc::clone(&served.pages),
        Arc::clone(&served.news),
        move |text| {
            let _ = sender.send(text.to_owned());
        },
    )
    .unwrap();
    let mut lines = listen(&served);
    let first = hello(&mut lines);
    let host = format!("Host: {}\r\n", served.addr);
    let old = served.pages.folder();

    served
        .repository
        .replace(CHAPTER, "A program reads", "A new program reads");
    assert_eq!(next(&mut lines, "event: "), "building");
    assert_eq!(next(&mut lines, "event: "), "changed");
    assert_eq!(next(&mut lines, "data: "), build(first + 1));
    assert!(ask(served.addr, "GET /04-tcp-chat.html", &host).contains("A new program reads"));
    assert!(
        said.recv_timeout(DEADLINE)
            .unwrap()
            .starts_with("the book was built anew in")
    );
    assert!(
        old.exists(),
        "a page of a moment ago may still ask for its style"
    );

    served.repository.replace(
        CHAPTER,
        "A new program reads",
        "A newer program {{#scene 04-tcp-chat/none}}\n\n{{#scene 04-tcp-chat/none}}\n\nreads",
    );
    assert_eq!(next(&mut lines, "event: "), "building");
    assert_eq!(next(&mut lines, "event: "), "faults");
    let faults = next(&mut lines, "data: ");
    assert!(
        faults.contains("\"faults\":\"the book has faults:\\nbook/src/04-tcp-chat.md:"),
        "{faults}"
    );
    assert!(ask(served.addr, "GET /04-tcp-chat.html", &host).contains("A new program reads"));
    assert!(
        said.recv_timeout(DEADLINE)
            .unwrap()
            .contains("the pages stay as they were")
    );
    // Who comes later hears of the faults, too.
    let mut late = listen(&served);
    assert_eq!(hello(&mut late), first + 1);
    assert_eq!(next(&mut late, "event: "), "faults");

    served.repository.replace(
        CHAPTER,
        "{{#scene 04-tcp-chat/none}}\n\n{{#scene 04-tcp-chat/none}}\n\n",
        "",
    );
    assert_eq!(next(&mut lines, "event: "), "building");
    assert_eq!(next(&mut lines, "event: "), "changed");
    assert!(ask(served.addr, "GET /04-tcp-chat.html", &host).contains("A newer program"));
    assert!(
        !old.exists(),
        "only the newest book and the one before are kept"
    );
}

#[test]
fn sources_that_git_takes_away_and_brings_back_are_still_watched() {
    let served = Served::start();
    let watching = rebuild::watch(Arc::clone(&served.pages), Arc::clone(&served.news), |_| ());
    watching.unwrap();
    let mut lines = listen(&served);
    let host = format!("Host: {}\r\n", served.addr);
    let chapters = served.repository.path().join("book/src");
    let away = served.repository.path().join("away");
    for (round, word) in ["first", "second"].into_iter().enumerate() {
        std::fs::rename(&chapters, &away).unwrap();
        until_event(&mut lines, "faults");
        std::fs::create_dir(&chapters).unwrap();
        for file in std::fs::read_dir(&away).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), chapters.join(file.file_name())).unwrap();
        }
        std::fs::remove_dir_all(&away).unwrap();
        until_event(&mut lines, "changed");
        let old = format!("A {}program reads", ["", "first "][round]);
        let new = format!("A {word} program reads");
        served.repository.replace(CHAPTER, &old, &new);
        while !ask(served.addr, "GET /04-tcp-chat.html", &host).contains(&new) {
            until_event(&mut lines, "changed");
        }
    }
}

#[test]
fn a_page_knows_whether_it_is_of_the_newest_book() {
    let served = Served::start();
    let host = format!("Host: {}\r\n", served.addr);
    let shown = |path: &str| {
        let page = ask(served.addr, &format!("GET {path}"), &host);
        let (_, number) = page.split_once("data-build=\"").unwrap();
        (
            status(&page),
            number.split('"').next().unwrap().parse().unwrap(),
        )
    };
    let (_, first): (u16, u64) = shown("/");
    assert_eq!(hello(&mut listen(&served)), first);
    // JavaScript counts so far.
    assert!(first < 1 << 53);
    std::fs::write(served.pages.folder().join("gone.html"), "</head>").unwrap();
    assert_eq!(shown("/gone.html"), (200, first));
    assert_eq!(served.pages.build_anew().unwrap(), first + 1);
    // Not announced yet, but a page of now would otherwise be told that it is old.
    assert_eq!(hello(&mut listen(&served)), first + 1);
    // A page of the old book would load itself anew for ever.
    for (path, wanted) in [("/", 200), ("/gone.html", 404), ("/none", 404)] {
        assert_eq!(shown(path), (wanted, first + 1), "{path}");
    }
}

#[test]
fn a_page_of_another_server_cannot_listen() {
    let served = Served::start();
    let host = format!("Host: {}\r\n", served.addr);
    for foreign in [
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
        "Origin: http://evil.example",
        "Origin: null",
    ] {
        let answer = ask(
            served.addr,
            "GET /live/changes",
            &format!("{host}{foreign}\r\n"),
        );
        assert_eq!(status(&answer), 403, "{foreign}: {answer}");
        assert_eq!(
            header(&answer, "cross-origin-resource-policy"),
            Some("same-origin")
        );
    }
    let own = format!(
        "Sec-Fetch-Site: same-origin\r\nOrigin: http://{}\r\n",
        served.addr
    );
    hello(&mut listen_with(&served, &own));
}

#[test]
fn no_request_finds_half_a_book() {
    let served = Served::start();
    let host = format!("Host: {}\r\n", served.addr);
    let page = ask(served.addr, "GET /04-tcp-chat.html", &host);
    // The style of this page has the page's own name of it, whatever is built meanwhile.
    let style = page
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next());
    let styles: Vec<&str> = style.filter(|name| name.contains(".css")).collect();
    assert!(!styles.is_empty());
    std::thread::scope(|scope| {
        let building = scope.spawn(|| served.pages.build_anew().unwrap());
        let mut rounds = 0;
        while rounds == 0 || !building.is_finished() {
            for path in styles
                .iter()
                .copied()
                .chain(["", "04-tcp-chat.html", "introduction.html"])
            {
                let answer = ask(served.addr, &format!("GET /{path}"), &host);
                assert_eq!(status(&answer), 200, "{path}: {answer}");
            }
            rounds += 1;
        }
    });
}
