//! A real `book serve`, in a process of its own, and what is left when it ends in any way.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{DEADLINE, Page, course, nothing_is_left_of};
use crate::fixture::Repository;

struct Book {
    process: Child,
    addr: SocketAddr,
    key: String,
    _repository: Repository,
}

impl Book {
    /// Serves, with these lines for the shell in cargo's place.
    fn serve(cargo: &str) -> Self {
        let repository = course();
        let script = repository.path().join("cargo");
        fs::write(&script, format!("#!/bin/sh\n{cargo}\n")).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_book"))
            .args(["serve", "--port", "0", "--no-open"])
            .current_dir(repository.path())
            .env("CARGO", script)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap());
        let url = said
            .lines()
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("http://")?.to_owned()))
            .unwrap();
        let (addr, key) = url.split_once("/#key=").unwrap();
        Self {
            process,
            addr: addr.parse().unwrap(),
            key: key.to_owned(),
            _repository: repository,
        }
    }

    fn page(&self) -> Page {
        Page::open(self.addr, &self.key)
    }

    /// The folder of its pages: it holds that open.
    fn pages(&self) -> std::path::PathBuf {
        let open = fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap();
        let mut paths = open.filter_map(|file| fs::read_link(file.unwrap().path()).ok());
        let pages = paths.find(|path| path.to_string_lossy().contains("layer-by-layer-pages-"));
        pages.unwrap()
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill")
            .args(["-s", signal, &id])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Waits until it has ended.
    fn end(&mut self) {
        let begun = Instant::now();
        while self.process.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < DEADLINE, "the server does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        if self.process.try_wait().is_ok_and(|end| end.is_none()) {
            // Politely, so that it deletes its pages.
            self.signal("TERM");
            self.end();
        }
    }
}

const NOTHING_TO_BUILD: &str = "exit 0";
/// Says its process ID and builds until it is killed; it has a process of its own.
const BUILDS_FOR_EVER: &str =
    "trap '' HUP TERM INT\necho \"Compiling $$\" >&2\ncat /dev/zero | cat >/dev/null";

#[track_caller]
fn is_gone(process: &str) {
    let begun = Instant::now();
    // One that is dead but not waited for has no memory, and so no command line.
    while fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        assert!(begun.elapsed() < DEADLINE, "cargo still runs");
        std::thread::yield_now();
    }
}

fn building(page: &mut Page) -> String {
    page.run("cat");
    let said = page.until("building");
    let process = said
        .as_str()
        .unwrap()
        .strip_prefix("Compiling ")
        .unwrap()
        .to_owned();
    assert!(Path::new("/proc").join(&process).exists());
    process
}

#[test]
fn whatever_ends_the_server_ends_its_programs() {
    for signal in ["KILL", "TERM", "INT", "HUP"] {
        let mut book = Book::serve(NOTHING_TO_BUILD);
        let mut page = book.page();
        let pages = book.pages();
        // It ignores that its terminal is closed.
        let home = page.home();
        book.signal(signal);
        book.end();
        nothing_is_left_of(&home);
        let pages = fs::exists(&pages).unwrap();
        assert_eq!(pages, signal == "KILL", "the pages, after {signal}");
    }
}

#[test]
fn whatever_ends_the_server_ends_cargo() {
    for signal in ["KILL", "TERM"] {
        let mut book = Book::serve(BUILDS_FOR_EVER);
        let mut page = book.page();
        let cargo = building(&mut page);
        book.signal(signal);
        book.end();
        is_gone(&cargo);
    }
}

#[test]
fn a_page_that_closes_ends_cargo_and_the_next_one_may_build() {
    let book = Book::serve(BUILDS_FOR_EVER);
    let mut first = book.page();
    let cargo = building(&mut first);
    // The second waits for the first one's build.
    let mut second = book.page();
    second.run("cat");
    drop(first);
    is_gone(&cargo);
    assert!(
        second
            .until("building")
            .as_str()
            .unwrap()
            .starts_with("Compiling ")
    );
    second.say(r#""stop""#);
    assert_eq!(second.until("over"), "stopped");
}

#[test]
fn what_does_not_compile_is_refused_with_the_last_words_of_cargo() {
    let book = Book::serve("echo 'error: expected one of' >&2\nexit 101");
    let mut page = book.page();
    page.run("cat");
    assert_eq!(page.until("building"), "error: expected one of");
    let refused = page.until("refused");
    assert!(
        refused
            .as_str()
            .unwrap()
            .ends_with("do not compile:\nerror: expected one of"),
        "{refused}"
    );
}

#[test]
fn a_page_that_never_reads_fills_no_memory() {
    let book = Book::serve(NOTHING_TO_BUILD);
    let memory = || {
        let status = fs::read_to_string(format!("/proc/{}/status", book.process.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let mut pages: Vec<Page> = (0..4).map(|_| book.page()).collect();
    let before = memory();
    for page in &mut pages {
        page.run("flood");
    }
    // Another one is refused once all four run; then nothing reads for a while.
    let begun = Instant::now();
    let mut highest = 0;
    while begun.elapsed() < Duration::from_secs(2) {
        highest = highest.max(memory());
        std::thread::yield_now();
    }
    // Screens, buffers and sockets of four runs took 6 MiB; with a queue without a bound it was 22.
    assert!(
        highest < before + 12 * 1024,
        "{before} KiB grew to {highest} KiB"
    );
    let mut fifth = book.page();
    fifth.run("cat");
    drop(pages);
    assert!(fifth.hear().is_some());
}
