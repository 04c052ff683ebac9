//! Checks of "Three words".

mod exercise;

use exercise::RequestLine;
use kit::{Check, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a request line has three parts", three_parts),
        ("the method stays as it is", method),
        ("the target stays as it is", target),
        ("only HTTP/1.0 and HTTP/1.1 are versions", version),
        ("less or more than three parts are refused", count),
        ("one space separates, and nothing else", spaces),
    ])
}

/// `line` must be taken apart into these three.
fn taken(check: &Check, method: &str, target: &str, version: &str) -> Outcome {
    let line = format!("{method} {target} {version}");
    let expected = RequestLine {
        method: method.to_owned(),
        target: target.to_owned(),
        version: version.to_owned(),
    };
    check
        .call(format!("parse({line:?})"), move || exercise::parse(&line))?
        .is(Some(expected))
}

fn refused(check: &Check, line: &'static str) -> Outcome {
    check
        .call(format!("parse({line:?})"), move || exercise::parse(line))?
        .is(None)
}

fn three_parts(check: &Check) -> Outcome {
    taken(check, "GET", "/files/notes.txt", "HTTP/1.1")?;
    taken(check, "GET", "/", "HTTP/1.1")?;
    taken(check, "PUT", "/files/notes.txt", "HTTP/1.1")?;
    taken(check, "DELETE", "/files/notes.txt", "HTTP/1.0")
}

fn method(check: &Check) -> Outcome {
    taken(check, "PROPFIND", "/files/notes.txt", "HTTP/1.1")?;
    taken(check, "M-SEARCH", "/", "HTTP/1.1")?;
    taken(check, "get", "/", "HTTP/1.1")?;
    taken(check, "Get", "/", "HTTP/1.1")
}

fn target(check: &Check) -> Outcome {
    taken(check, "GET", "/files/two%20words.txt", "HTTP/1.1")?;
    taken(check, "GET", "/files/notes.txt?again=1", "HTTP/1.1")?;
    taken(check, "OPTIONS", "*", "HTTP/1.1")?;
    taken(check, "GET", "http://127.0.0.1:8080/", "HTTP/1.1")
}

fn version(check: &Check) -> Outcome {
    refused(check, "GET / HTTP/2")?;
    refused(check, "GET / HTTP/1.10")?;
    refused(check, "GET / http/1.1")?;
    refused(check, "GET / FTP/1.1")
}

fn count(check: &Check) -> Outcome {
    refused(check, "GET / HTTP/1.1 HTTP/1.1")?;
    refused(check, "GET /two words.txt HTTP/1.1")?;
    refused(check, "GET /")?;
    refused(check, "GET")?;
    refused(check, "")
}

fn spaces(check: &Check) -> Outcome {
    refused(check, "GET\t/\tHTTP/1.1")?;
    refused(check, "GET /\u{b}HTTP/1.1")?;
    refused(check, "GET  / HTTP/1.1")?;
    refused(check, "GET /  HTTP/1.1")?;
    refused(check, " GET / HTTP/1.1")?;
    refused(check, "GET / HTTP/1.1 ")?;
    refused(check, "GET  HTTP/1.1")?;
    refused(check, " / HTTP/1.1")?;
    refused(check, "GET / HTTP/1.1\n")?;
    refused(check, "GET\t/x / HTTP/1.1")?;
    refused(check, "GET /\tx HTTP/1.1")
}
