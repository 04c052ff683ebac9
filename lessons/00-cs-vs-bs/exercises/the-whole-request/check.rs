//! Checks of "The whole request".

mod exercise;

use exercise::{MOST, Request};
use kit::{Check, Failure, Kind, Outcome, Peer, Running};

type Server = Running<std::io::Result<Request>>;

const GET: &str = "GET /files/notes.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a request without a body", without_body),
        ("a head that comes in two pieces", head_in_pieces),
        (
            "an empty line that comes in two pieces",
            empty_line_in_pieces,
        ),
        ("a body that comes together with its head", body_with_head),
        ("a body that comes later, in pieces", body_in_pieces),
        ("a body that is no text", no_text),
        ("a client that goes away in the middle", gone),
        ("a body of as many octets as it may have", longest),
        ("a body that is announced as too long", too_long),
        ("the next request is not a part of this one", next_request),
    ])
}

/// The head of a request with a body.
fn put(length: usize) -> String {
    format!("PUT /files/notes.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n\r\n")
}

fn start(check: &Check) -> Outcome<(Server, Peer)> {
    let (browser, mut stream) = check.pair("the browser")?;
    let server = check.start("your server", move || exercise::read_request(&mut stream));
    Ok((server, browser))
}

/// The server must return this request, while the browser waits.
fn returns(server: Server, head: &str, body: &[u8]) -> Outcome {
    let request = server.returns()?.ok()?.value;
    if request.head != head {
        let unmet = "`head` is the head, with its empty line and no more";
        return Err(Failure::values(unmet, &head, &request.head));
    }
    if request.body != body {
        let unmet = format!("`body` is the {} octets that were sent", body.len());
        return Err(Failure::octets(unmet, body, &request.body));
    }
    Ok(())
}

/// Sends these pieces, each in a read of its own.
fn whole(check: &Check, pieces: &[&[u8]], head: &str, body: &[u8]) -> Outcome {
    let (server, mut browser) = start(check)?;
    let (last, first) = pieces.split_last().expect("there is a piece");
    for piece in first {
        browser.send(piece)?;
        browser.until_read()?;
        // Whatever it has made of a part, it has made it too early.
        browser.nothing_yet().map_err(|_| {
            let unmet = "your server does not return before the request is whole";
            Failure::new(Kind::Returned, unmet, "returned too early")
        })?;
    }
    browser.send(last)?;
    returns(server, head, body)
}

fn without_body(check: &Check) -> Outcome {
    whole(check, &[GET.as_bytes()], GET, b"")
}

fn head_in_pieces(check: &Check) -> Outcome {
    let (one, two) = GET.as_bytes().split_at(20);
    whole(check, &[one, two], GET, b"")
}

fn empty_line_in_pieces(check: &Check) -> Outcome {
    let (one, two) = GET.as_bytes().split_at(GET.len() - 2);
    whole(check, &[one, two], GET, b"")
}

fn body_with_head(check: &Check) -> Outcome {
    let head = put(6);
    let request = format!("{head}hello\n");
    whole(check, &[request.as_bytes()], &head, b"hello\n")?;
    // And cut in the body.
    let (one, two) = request.as_bytes().split_at(request.len() - 4);
    whole(check, &[one, two], &head, b"hello\n")
}

/// The browser does not wait for the answer before it asks again.
fn next_request(check: &Check) -> Outcome {
    let head = put(6);
    let both = format!("{head}hello\n{GET}");
    whole(check, &[both.as_bytes()], &head, b"hello\n")?;
    let both = format!("{GET}{head}hello\n");
    whole(check, &[both.as_bytes()], GET, b"")
}

fn body_in_pieces(check: &Check) -> Outcome {
    let head = put(6);
    whole(
        check,
        &[head.as_bytes(), b"hel", b"lo\n"],
        &head,
        b"hello\n",
    )
}

fn no_text(check: &Check) -> Outcome {
    let head = put(8);
    let picture = b"\x89PNG\r\n\r\n";
    whole(check, &[head.as_bytes(), picture], &head, picture)?;
    let all = [head.as_bytes(), picture].concat();
    whole(check, &[&all], &head, picture)
}

fn gone(check: &Check) -> Outcome {
    let head = put(6);
    let beginnings = [format!("{head}hel"), head, GET[..20].to_owned()];
    for beginning in beginnings {
        let (server, mut browser) = start(check)?;
        browser.send(beginning)?;
        browser.until_read()?;
        browser.finish()?;
        is_refused(server)?;
    }
    Ok(())
}

fn longest(check: &Check) -> Outcome {
    let (server, mut browser) = start(check)?;
    let head = put(MOST);
    browser.send(&head)?;
    browser.until_read()?;
    check.until_still();
    server.still_runs().map_err(|_| {
        let unmet = format!("your server waits for a body of {MOST} octets, which is not too long");
        Failure::new(Kind::Returned, unmet, "returned without the body")
    })?;
    let body = vec![b'x'; MOST];
    browser.send(&body)?;
    returns(server, &head, &body)
}

fn too_long(check: &Check) -> Outcome {
    let (server, mut browser) = start(check)?;
    browser.send(put(MOST + 1))?;
    is_refused(server)
}

/// The server must return an error.
fn is_refused(server: Server) -> Outcome {
    let got = server.returns()?.value;
    match got {
        Err(_) => Ok(()),
        Ok(request) => {
            let unmet = "your server returns an error";
            let got = format!(
                "Ok, with a head of {} octets and a body of {}",
                request.head.len(),
                request.body.len()
            );
            Err(Failure::values(unmet, &"Err(…)", &got))
        }
    }
}
