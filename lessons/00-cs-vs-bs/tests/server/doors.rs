//! Clients that behave.

use super::common::{Server, connect, files, read_all, statuses};
use lesson_00_cs_vs_bs::browser::Browser;
use lesson_00_cs_vs_bs::line::client::{ClientError, LineClient};
use lesson_00_cs_vs_bs::server::{Door, Limits};
use std::io::{self, Read, Write};
use std::net::TcpListener;

#[test]
fn what_one_door_writes_the_other_reads() {
    let server = Server::plain();
    let (mut client, mut browser) = (server.client(), server.browser());
    let names = [
        "notes.txt",
        "two words & 'more'",
        #[cfg(not(windows))]
        "<b>",
        "报告.txt",
        "100%.txt",
        "a+b",
    ];
    for name in names {
        client.put(name, 3, &mut &b"one"[..]).unwrap();
        assert_eq!(browser.download(name).unwrap(), b"one");
        browser.submit_file("/", name, b"second").unwrap();
        let mut content = Vec::new();
        client.get(name, &mut content).unwrap();
        assert_eq!(content, b"second");
    }
    assert_eq!(client.list().unwrap().len(), names.len());
    browser.submit_button("/remove/notes.txt").unwrap();
    assert!(matches!(
        client.get("notes.txt", &mut io::sink()),
        Err(ClientError::Refused(_))
    ));
    // A refusal leaves the connection in step.
    assert_eq!(client.list().unwrap().len(), names.len() - 1);
}

#[test]
fn every_method_has_its_status() {
    let server = Server::plain();
    let mut browser = server.browser();
    let mut ask = |method: &str, target: &str, body: Option<&str>| {
        let body = body.map(str::as_bytes);
        browser.request(method, target, &[], body).unwrap()
    };
    assert_eq!(ask("PUT", "/files/a", Some("hello")).status, 201);
    assert_eq!(ask("PUT", "/files/a", Some("hello!")).status, 204);
    let head = ask("HEAD", "/files/a", None);
    assert_eq!(
        (head.status, head.field("content-length"), head.body.len()),
        (200, Some("6"), 0)
    );
    let got = ask("GET", "/files/a", None);
    assert_eq!(got.body, b"hello!");
    assert_eq!(
        got.field("content-disposition"),
        Some("attachment; filename*=UTF-8''a")
    );
    let page = ask("GET", "/", None);
    assert_eq!(
        ask("HEAD", "/", None).field("content-length"),
        page.field("content-length")
    );
    for (method, target, body, status) in [
        ("GET", "/files/none", None, 404),
        ("GET", "/none", None, 404),
        ("GET", "/files/", None, 400),
        ("GET", "/files/../a", None, 400),
        ("GET", "/files/%2e%2e%2fa", None, 400),
        ("GET", "/files/%2e%2e", None, 400),
        ("GET", "/files/%252e%252e", None, 404),
        ("GET", "/files//etc/passwd", None, 400),
        ("GET", "/files/a%00", None, 400),
        ("GET", "/files/%ff", None, 400),
        ("GET", "/files/%zz", None, 400),
        ("PUT", "/files/..%5cb", Some("x"), 400),
        ("PUT", "/files/.hidden", Some("x"), 400),
        ("PUT", "/files/b", None, 411),
        ("PUT", "/", Some("x"), 405),
        ("DELETE", "/", None, 405),
        ("GET", "/remove/a", None, 405),
        ("BREW", "/", None, 501),
        ("OPTIONS", "/files/a", None, 204),
        ("POST", "/", Some("x"), 415),
        ("DELETE", "/files/a", None, 204),
        ("DELETE", "/files/a", None, 404),
    ] {
        let answer = ask(method, target, body);
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(
            answer.field("allow").is_some(),
            status == 405 || method == "OPTIONS"
        );
    }
    assert!(files(server.folder.path()).is_empty());
}

#[test]
fn answers_protect_the_browser_and_its_user() {
    let server = Server::plain();
    let mut browser = server.browser();
    let mut ask = |method: &str, target: &str| {
        let answer = browser.request(method, target, &[("Accept", "text/html")], Some(b""));
        answer.unwrap()
    };
    assert_eq!(ask("PUT", "/files/a").status, 201);
    let (page, file, missing) = (
        ask("GET", "/"),
        ask("GET", "/files/a"),
        ask("GET", "/files/<b>"),
    );
    for answer in [&page, &file, &missing] {
        assert_eq!(answer.field("x-content-type-options"), Some("nosniff"));
    }
    for answer in [&page, &missing] {
        let policy = answer.field("content-security-policy").unwrap();
        for rule in [
            "default-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{policy}");
        }
    }
    assert_eq!(
        file.field("cross-origin-resource-policy"),
        Some("same-origin")
    );
    // Windows holds no such name: what asks for it is wrong, and not only absent.
    assert_eq!(missing.status, if cfg!(windows) { 400 } else { 404 });
    assert!(!String::from_utf8(missing.body).unwrap().contains("<b>"));
    // 204 has no body, so it must not speak of one.
    assert_eq!(ask("DELETE", "/files/a").field("content-length"), None);
}

#[test]
fn requests_in_a_row_are_answered_in_order() {
    let server = Server::plain();
    let answer = server.raw(
        Door::Http,
        b"PUT /files/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
          3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n\
          GET /files/a HTTP/1.1\r\nHost: localhost\r\n\r\n\
          DELETE /files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody\
          HEAD /files/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n\
          GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert_eq!(statuses(&answer), [201, 200, 204, 404], "{answer}");
    assert!(answer.contains("abcdeHTTP/1.1"));
}

#[test]
fn a_client_that_waits_for_100_gets_it_or_gets_the_refusal() {
    let server = Server::start(Some(100), Limits::default());
    let ask = |length: usize| {
        let mut stream = connect(server.http);
        let head = format!(
            "PUT /files/a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
        if &first == b"HTTP/1.1 100" {
            stream.write_all(&vec![b'x'; length]).unwrap();
        }
        String::from_utf8_lossy(&first).into_owned() + &read_all(&mut stream)
    };
    assert_eq!(statuses(&ask(100)), [100, 201]);
    assert_eq!(statuses(&ask(101)), [507]);
}

#[test]
fn the_wrong_port_is_named() {
    let server = Server::plain();
    let mut lost = LineClient::connect(server.http).unwrap();
    assert!(matches!(lost.list(), Err(ClientError::SpeaksHttp)));
    let mut lost = Browser::connect(server.line).unwrap();
    let answer = lost.request("GET", "/", &[], None).unwrap();
    assert_eq!(answer.status, 400);
    assert!(
        String::from_utf8(answer.body)
            .unwrap()
            .contains("port of the installed client")
    );
}

#[test]
fn stopping_ends_uploads_under_way_and_leaves_nothing() {
    let server = Server::plain();
    let mut upload = connect(server.line);
    upload.write_all(b"PUT 1000000 a\n").unwrap();
    let mut go = [0; 3];
    upload.read_exact(&mut go).unwrap();
    upload.write_all(&vec![b'x'; 100_000]).unwrap();
    let mut posting = connect(server.http);
    posting
        .write_all(b"PUT /files/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        .unwrap();
    let mut hundred = [0; 12];
    posting.read_exact(&mut hundred).unwrap();
    assert_eq!(files(server.folder.path()).len(), 2);
    let (line, http) = (server.line, server.http);
    let folder = server.end();
    assert!(files(folder.path()).is_empty());
    for door in [line, http] {
        // The ports are free again.
        drop(TcpListener::bind(door).unwrap());
    }
}

#[test]
fn the_log_cannot_be_forged() {
    let server = Server::plain();
    server.raw(Door::Line, b"REMOVE \x1b[2Jx\n");
    server.logged("\\u{1b}[2Jx");
    server.raw(
        Door::Http,
        b"GET /\xe2\x80\xae HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    server.logged("\\u{202e}");
}
