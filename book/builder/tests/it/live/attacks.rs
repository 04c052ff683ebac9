//! Requests and handshakes that must not work. Each table lists its attacks.

use super::{Page, Served, ask, header, status};

/// A WebSocket by somebody else: what it is, `Host`, `Origin`, the key among the protocols, and the answer.
/// `HOST`, `PORT` and `KEY` stand for the server's own.
#[rustfmt::skip]
const HANDSHAKES: [(&str, &str, &str, &str, u16); 21] = [
    ("own page with the key", "HOST", "http://HOST", "KEY", 101),
    ("own page under another name", "localhost:PORT", "http://localhost:PORT", "KEY", 101),
    ("DNS rebinding", "evil.example:PORT", "http://evil.example:PORT", "KEY", 421),
    ("DNS rebinding, own origin", "evil.example:PORT", "http://HOST", "KEY", 421),
    ("rebinding to a name like ours", "localhost.evil.example:PORT", "http://HOST", "KEY", 421),
    ("host without a port", "127.0.0.1", "http://HOST", "KEY", 421),
    ("host of another port", "127.0.0.1:1", "http://HOST", "KEY", 421),
    ("host 0.0.0.0", "0.0.0.0:PORT", "http://0.0.0.0:PORT", "KEY", 421),
    ("page of another site", "HOST", "http://evil.example", "KEY", 403),
    ("page of another port here", "HOST", "http://127.0.0.1:1", "KEY", 403),
    ("page without a port", "HOST", "http://127.0.0.1", "KEY", 403),
    ("page of a file or a sandbox", "HOST", "null", "KEY", 403),
    ("no origin", "HOST", "", "KEY", 403),
    ("own origin, another name of ours", "HOST", "http://localhost:PORT", "KEY", 403),
    ("https", "HOST", "https://HOST", "KEY", 403),
    ("origin that begins like ours", "HOST", "http://HOST.evil.example", "KEY", 403),
    ("no key", "HOST", "http://HOST", "", 403),
    ("wrong key", "HOST", "http://HOST", "key", 403),
    ("wrong key of the right length", "HOST", "http://HOST", "0000000000000000000000000000000000000000", 403),
    ("what everybody may know of it", "HOST", "http://HOST", "SIGN", 403),
    ("key and more", "HOST", "http://HOST", "KEY0", 403),
];

#[test]
fn only_an_own_page_with_the_key_gets_a_websocket() {
    let served = Served::start();
    let port = served.addr.port().to_string();
    let own = |text: &str| {
        text.replace("HOST", &served.addr.to_string())
            .replace("PORT", &port)
            .replace("KEY", &served.key)
            .replace("SIGN", &served.key[..8])
    };
    for (what, host, origin, key, wanted) in HANDSHAKES {
        let protocols = format!("layer-by-layer, {}", own(key));
        let origin = own(origin);
        let mut headers = vec![("sec-websocket-protocol", protocols.as_str())];
        if !origin.is_empty() {
            headers.push(("origin", &origin));
        }
        let got =
            Page::knock(served.addr, &own(host), &headers).map_or_else(|status| status, |_| 101);
        assert_eq!(got, wanted, "{what}");
    }
    let (origin, host) = (format!("http://{}", served.addr), served.addr.to_string());
    for (what, extra) in [
        (
            "two origins",
            [
                ("origin", "null"),
                ("sec-websocket-protocol", served.key.as_str()),
            ],
        ),
        (
            "the key where a browser adds it by itself",
            [("cookie", &served.key), ("authorization", &served.key)],
        ),
    ] {
        let mut headers = vec![("origin", origin.as_str())];
        headers.extend(extra);
        assert_eq!(
            Page::knock(served.addr, &host, &headers).err(),
            Some(403),
            "{what}"
        );
    }
}

/// Requests for pages: what it is, the request line, `Host` lines, and the answer.
#[rustfmt::skip]
const REQUESTS: [(&str, &str, &str, u16); 34] = [
    ("a page", "GET /", "Host: HOST\r\n", 200),
    ("a page, its head", "HEAD /index.html", "Host: HOST\r\n", 200),
    ("a page under another name", "GET /", "Host: localhost:PORT\r\n", 200),
    ("rebound page", "GET /", "Host: evil.example:PORT\r\n", 421),
    ("rebound changes", "GET /live/changes", "Host: evil.example\r\n", 421),
    ("no host", "GET /", "", 421),
    ("two hosts", "GET /", "Host: HOST\r\nHost: evil.example\r\n", 421),
    ("two equal hosts", "GET /", "Host: HOST\r\nHost: HOST\r\n", 421),
    ("host in the line", "GET http://evil.example/", "Host: HOST\r\n", 421),
    ("own host in the line", "GET http://HOST/", "Host: evil.example\r\n", 421),
    ("host with a user", "GET /", "Host: x@HOST\r\n", 421),
    ("no WebSocket", "GET /live/run", "Host: HOST\r\n", 403),
    ("post", "POST /", "Host: HOST\r\n", 405),
    ("put", "PUT /index.html", "Host: HOST\r\n", 405),
    ("delete", "DELETE /index.html", "Host: HOST\r\n", 405),
    ("options", "OPTIONS /", "Host: HOST\r\n", 405),
    ("trace", "TRACE /", "Host: HOST\r\n", 405),
    ("a method of one's own", "RUN /", "Host: HOST\r\n", 405),
    ("post to a run", "POST /live/run", "Host: HOST\r\n", 405),
    ("proxy", "CONNECT HOST", "Host: HOST\r\n", 405),
    ("up", "GET /../book/book.toml", "Host: HOST\r\n", 404),
    ("up, inside", "GET /x/../../book/book.toml", "Host: HOST\r\n", 404),
    ("up, percent", "GET /%2e%2e/book/book.toml", "Host: HOST\r\n", 404),
    ("up, slash percent", "GET /..%2fbook%2fbook.toml", "Host: HOST\r\n", 404),
    ("up, twice percent", "GET /%252e%252e/book/book.toml", "Host: HOST\r\n", 404),
    ("up, backslash", "GET /..%5cbook%5cbook.toml", "Host: HOST\r\n", 404),
    ("absolute", "GET //etc/passwd", "Host: HOST\r\n", 404),
    ("absolute, percent", "GET /%2fetc/passwd", "Host: HOST\r\n", 404),
    ("NUL", "GET /index.html%00.css", "Host: HOST\r\n", 404),
    ("no UTF-8", "GET /%ff", "Host: HOST\r\n", 404),
    ("link to a file", "GET /link.txt", "Host: HOST\r\n", 404),
    ("link to a folder", "GET /folder/book.toml", "Host: HOST\r\n", 404),
    ("link that stays", "GET /stays.html", "Host: HOST\r\n", 200),
    ("wrong ticket", "GET /?ticket=0000000000000000000000000000000000000000", "Host: HOST\r\n", 200),
];

#[cfg(unix)]
#[test]
fn requests_get_pages_of_the_book_and_nothing_else() {
    use std::os::unix::fs::symlink;

    let served = Served::start();
    let folder = served.pages.folder();
    let book = served.repository.path().join("book");
    symlink(book.join("book.toml"), folder.join("link.txt")).unwrap();
    symlink(&book, folder.join("folder")).unwrap();
    symlink(folder.join("index.html"), folder.join("stays.html")).unwrap();
    let own = |text: &str| {
        text.replace("HOST", &served.addr.to_string())
            .replace("PORT", &served.addr.port().to_string())
    };
    for (what, line, host, wanted) in REQUESTS {
        let answer = ask(served.addr, &own(line), &own(host));
        assert_eq!(status(&answer), wanted, "{what}: {answer}");
        assert!(!answer.contains("[book]"), "{what}: {answer}");
        assert_eq!(header(&answer, "set-cookie"), None, "{what}");
        assert_eq!(header(&answer, "location"), None, "{what}");
        if wanted == 421 {
            assert!(
                answer.contains("open http://127.0.0.1:"),
                "{what}: {answer}"
            );
        }
    }
}

#[test]
fn the_ticket_becomes_the_key_once_and_never_leads_elsewhere() {
    let served = Served::start();
    let (key, ticket) = (served.key.as_str(), served.ticket.as_str());
    let host = format!("Host: {}\r\n", served.addr);
    assert!(ticket.len() == key.len() && ticket[..8] != key[..8]);
    let with_key = format!("/#key={key}");
    for (line, wanted) in [
        (format!("HEAD /?ticket={ticket}"), None),
        (format!("GET //evil.example/?ticket={ticket}"), None),
        (format!("GET /\\evil.example/?ticket={ticket}"), None),
        (format!("GET /?ticket={key}"), None),
        (format!("GET /?ticket={ticket}&x"), None),
        (format!("GET /?ticket={ticket}"), Some(with_key.as_str())),
        (format!("GET /?ticket={ticket}"), None),
    ] {
        let answer = ask(served.addr, &line, &host);
        assert_eq!(header(&answer, "location"), wanted, "{line}: {answer}");
    }
}

/// Only the superuser can try what another user gets.
#[cfg(target_os = "linux")]
#[test]
fn another_user_who_has_seen_the_ticket_gets_no_key() {
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    const ASK: &str = "exec 3<>/dev/tcp/127.0.0.1/$1; printf 'GET /?ticket=%s HTTP/1.1\\r\\n\
                       Host: 127.0.0.1:%s\\r\\nConnection: close\\r\\n\\r\\n' $2 $1 >&3; cat <&3";
    if !rustix::process::geteuid().is_root() {
        eprintln!("not tried: only root can become another user");
        return;
    }
    let served = Served::start();
    let port = served.addr.port().to_string();
    for (user, wanted) in [(65534, None), (0, Some(format!("/#key={}", served.key)))] {
        let mut bash = Command::new("bash");
        let asked = bash.args(["-c", ASK, "bash", &port, &served.ticket]);
        let answer = asked.uid(user).output().unwrap();
        let answer = String::from_utf8_lossy(&answer.stdout);
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        assert_eq!(
            header(&answer, "location"),
            wanted.as_deref(),
            "user {user}: {answer}"
        );
    }
}

#[test]
fn pages_tell_how_the_key_begins_and_no_more() {
    let served = Served::start();
    let page = ask(served.addr, "GET /", &format!("Host: {}\r\n", served.addr));
    let sign = &served.key[..8];
    assert!(
        page.contains(&format!("content=\"run\" data-key=\"{sign}\"")),
        "{page}"
    );
    assert!(!page.contains(&served.key[..9]));
    // After another start, the same file says something else.
    assert_eq!(header(&page, "last-modified"), None);
}

#[test]
fn a_class_can_read_and_start_nothing() {
    let served = Served::lan();
    let host = format!("Host: {}\r\n", served.addr);
    let page = ask(served.addr, "GET /?ticket=", &host);
    assert!(
        page.contains("<meta name=\"live\" content=\"read\" data-build="),
        "{page}"
    );
    assert_eq!(status(&ask(served.addr, "GET /live/run", &host)), 404);
    let origin = format!("http://{}", served.addr);
    let headers = [
        ("origin", origin.as_str()),
        ("sec-websocket-protocol", "layer-by-layer, "),
    ];
    let knock = Page::knock(served.addr, &served.addr.to_string(), &headers);
    assert_eq!(knock.err(), Some(404));
}
