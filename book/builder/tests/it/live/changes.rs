//! The book is built anew while pages are open.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::channel;

use book::serve::rebuild;

use super::{DEADLINE, Served, ask, status};
use crate::fixture::CHAPTER;

/// The lines that an open page hears.
fn listen(served: &Served, last: &str) -> impl Iterator<Item = String> + use<> {
    let mut stream = TcpStream::connect(served.addr).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let request = format!(
        "GET /live/changes HTTP/1.1\r\nHost: {}\r\n{last}\r\n",
        served.addr
    );
    stream.write_all(request.as_bytes()).unwrap();
    BufReader::new(stream).lines().map_while(Result::ok)
}

fn next(lines: &mut impl Iterator<Item = String>, beginning: &str) -> String {
    let found = lines.find_map(|line| line.strip_prefix(beginning).map(str::to_owned));
    found.unwrap_or_else(|| unreachable!("no {beginning}"))
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
    let mut lines = listen(&served, "");
    next(&mut lines, "id: ");
    let host = format!("Host: {}\r\n", served.addr);
    let old = served.pages.folder();

    served
        .repository
        .replace(CHAPTER, "A program reads", "A new program reads");
    assert_eq!(next(&mut lines, "event: "), "building");
    assert_eq!(next(&mut lines, "event: "), "changed");
    assert_eq!(next(&mut lines, "data: "), "{}");
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
        faults.starts_with("{\"faults\":\"the book has faults:\\nbook/src/04-tcp-chat.md:"),
        "{faults}"
    );
    assert!(ask(served.addr, "GET /04-tcp-chat.html", &host).contains("A new program reads"));
    assert!(
        said.recv_timeout(DEADLINE)
            .unwrap()
            .contains("the pages stay as they were")
    );
    // Who comes later hears of the faults, too.
    assert_eq!(next(&mut listen(&served, ""), "event: "), "faults");

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
fn a_page_that_was_away_hears_what_it_missed() {
    let served = Served::start();
    let mut lines = listen(&served, "");
    let edition = next(&mut lines, "id: ");
    served.news.changed();
    assert_eq!(next(&mut lines, "event: "), "changed");
    let mut again = listen(&served, &format!("Last-Event-ID: {edition}\r\n"));
    assert_eq!(next(&mut again, "event: "), "changed");
    // A page of now is told only of what comes.
    let now = next(&mut listen(&served, ""), "id: ");
    let mut same = listen(&served, &format!("Last-Event-ID: {now}\r\n"));
    next(&mut same, "id: ");
    served.news.building();
    assert_eq!(next(&mut same, "event: "), "building");
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
