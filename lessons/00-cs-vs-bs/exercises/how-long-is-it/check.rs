//! Checks of "How long is it?".

mod exercise;

use kit::{Check, Failure, Outcome, Peer};

const STATUS: &str = "HTTP/1.1 200 OK\r\n";
const MEDIA_TYPE: &str = "text/plain; charset=utf-8";

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the head of an answer", head),
        ("the body of an answer", body),
        ("a second answer on the same connection", two_answers),
        ("an answer of no octets at all", empty),
        ("characters of two, three and four octets", long_characters),
    ])
}

/// Starts the student's server, which answers with these texts one after the other.
fn answered(check: &Check, texts: &'static [&'static str]) -> Outcome<Peer> {
    let (browser, mut stream) = check.pair("the browser")?;
    check.start("your server", move || {
        for text in texts {
            exercise::send_text(&mut stream, text)?;
        }
        Ok::<(), std::io::Error>(())
    });
    Ok(browser)
}

/// Reads a head, and returns the length that it announces.
fn announced(browser: &mut Peer) -> Outcome<usize> {
    // Up to the end of the line, whatever stands in it: what comes in how many pieces is chance.
    let line = browser.read_until("\n")?;
    let line = String::from_utf8_lossy(&line);
    if line != STATUS {
        let unmet = "the answer begins with its status line";
        return Err(Failure::values(unmet, &STATUS, &line));
    }
    let fields = browser.read_until("\r\n\r\n")?;
    let fields = String::from_utf8_lossy(&fields).into_owned();
    let value = |name: &str| {
        let mut lines = fields.split("\r\n").filter_map(|line| line.split_once(':'));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    };
    let media_type = value("Content-Type");
    if media_type.as_deref() != Some(MEDIA_TYPE) {
        let unmet = "the head says what the body is, in `Content-Type`";
        return Err(Failure::values(unmet, &Some(MEDIA_TYPE), &media_type));
    }
    let length = value("Content-Length");
    match length.as_ref().and_then(|digits| digits.parse().ok()) {
        Some(length) => Ok(length),
        None => Err(Failure::values(
            "the head says where the body ends, in `Content-Length`",
            &"a number",
            &length,
        )),
    }
}

/// Reads an answer as a browser does, and compares what it shows.
fn shows(check: &Check, browser: &mut Peer, text: &str) -> Outcome {
    let length = announced(browser)?;
    check.tell(&format!(
        "sees that the browser takes the next {length} octets for the body"
    ));
    let shown = browser.read_exactly(length)?;
    if shown == text.as_bytes() {
        return Ok(());
    }
    let unmet = format!("the browser shows {text:?}");
    Err(Failure::octets(unmet, text.as_bytes(), &shown))
}

fn head(check: &Check) -> Outcome {
    let mut browser = answered(check, &["hello\n"])?;
    announced(&mut browser).map(|_| ())
}

fn body(check: &Check) -> Outcome {
    let mut browser = answered(check, &["hello\n"])?;
    shows(check, &mut browser, "hello\n")
}

fn two_answers(check: &Check) -> Outcome {
    let mut browser = answered(check, &["one\n", "and two\n"])?;
    shows(check, &mut browser, "one\n")?;
    shows(check, &mut browser, "and two\n")?;
    browser.expect_end()
}

fn empty(check: &Check) -> Outcome {
    let mut browser = answered(check, &["", "not empty\n"])?;
    shows(check, &mut browser, "")?;
    shows(check, &mut browser, "not empty\n")?;
    browser.expect_end()
}

fn long_characters(check: &Check) -> Outcome {
    let texts = &["Grüße\n", "你好\n", "🙂\n"];
    let mut browser = answered(check, texts)?;
    for text in texts {
        shows(check, &mut browser, text)?;
    }
    browser.expect_end()
}
