//! Peers that speak HTTP, nearly.

use std::io;
use std::time::Duration;

use crate::attack::{Attack, Heard};
use crate::speech::{PUT, STORED, request};

/// How long a peer waits for more answers.
const ANSWER: Duration = Duration::from_millis(200);

/// Requests whose body has no length that everybody would read alike (RFC 9112 §6.3). None of them
/// may store anything.
pub fn bad_framing(attack: &Attack<'_>) -> io::Result<()> {
    each(attack, &framings())
}

fn framings() -> Vec<String> {
    let put = |fields: &str, body: &str| request("PUT", &format!("/files/{PUT}"), fields, body);
    vec![
        put("Content-Length: 5\r\nContent-Length: 6\r\n", "123456"),
        put("Content-Length: 5, 6\r\n", "123456"),
        put("Content-Length: +5\r\n", "12345"),
        put("Content-Length: -1\r\n", "12345"),
        put("Content-Length: 0x5\r\n", "12345"),
        put("Content-Length: 5 5\r\n", "12345"),
        put("Content-Length: \r\n", "12345"),
        put("Content-Length: 18446744073709551616\r\n", "12345"),
        put("Content-Length : 5\r\n", "12345"),
        put("Transfer-Encoding: gzip\r\n", "12345"),
        put("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"),
        put("Transfer-Encoding: chunked\r\n", "zz\r\n12345\r\n0\r\n\r\n"),
        put("Transfer-Encoding: chunked\r\n", "-5\r\n12345\r\n0\r\n\r\n"),
        put(
            "Transfer-Encoding: chunked\r\n",
            "5\r\n1234567\r\n0\r\n\r\n",
        ),
        put(
            "Transfer-Encoding: chunked\r\n",
            "FFFFFFFFFFFFFFFFF\r\n12345",
        ),
        // No length at all.
        put("", "12345"),
        // Less than was announced, and then the end.
        put("Content-Length: 500\r\n", "12345"),
        put("Transfer-Encoding: chunked\r\n", "5\r\n12345\r\n"),
    ]
}

/// A second request, `DELETE` of a stored file, where one reader sees a body and another the next
/// request. A server alone must refuse, or read the body as a body: the file stays.
pub fn smuggling(attack: &Attack<'_>) -> io::Result<()> {
    each(attack, &smuggled())
}

fn smuggled() -> Vec<String> {
    let hidden = request("DELETE", &format!("/files/{STORED}"), "", "");
    let length = hidden.len();
    let post = |fields: &str, body: &str| request("POST", "/", fields, body);
    let chunked_end = format!("0\r\n\r\n{hidden}");
    let whole = chunked_end.len();
    let both = |coding: &str| {
        post(
            &format!("Content-Length: {whole}\r\nTransfer-Encoding: {coding}\r\n"),
            &chunked_end,
        )
    };
    vec![
        // Content-Length against Transfer-Encoding, in both orders.
        both("chunked"),
        post(
            &format!("Transfer-Encoding: chunked\r\nContent-Length: {whole}\r\n"),
            &chunked_end,
        ),
        post(
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            &chunked_end,
        ),
        // A coding that only one of the two readers knows.
        both("xchunked"),
        both("chunked\r\nTransfer-Encoding: x"),
        both("\tchunked"),
        both("\u{b}chunked"),
        both("chunked\r\n "),
        post(
            &format!("Content-Length: {whole}\r\nTransfer-Encoding : chunked\r\n"),
            &chunked_end,
        ),
        post(
            &format!("Content-Length: {whole}\r\nX: y\nTransfer-Encoding: chunked\r\n"),
            &chunked_end,
        ),
        // Two lengths.
        post(
            &format!("Content-Length: 0\r\nContent-Length: {length}\r\n"),
            &hidden,
        ),
        post(
            &format!("Content-Length: {length}\r\nContent-Length: 0\r\n"),
            &hidden,
        ),
        // A body where none is expected.
        request(
            "GET",
            "/",
            &format!("Content-Length: {length}\r\n"),
            &hidden,
        ),
        request(
            "OPTIONS",
            "/",
            &format!("Content-Length: {length}\r\n"),
            &hidden,
        ),
        // A field that continues on the next line (obs-fold), and a bare CR.
        post(
            &format!("X: y\r\n Content-Length: 0\r\nContent-Length: {length}\r\n"),
            &hidden,
        ),
        post(
            &format!("X: y\rContent-Length: 0\r\nContent-Length: {length}\r\n"),
            &hidden,
        ),
        // The chunk extension and the trailer as hiding places.
        post(
            "Transfer-Encoding: chunked\r\n",
            &format!("{length:x};a=b\n\r\n{hidden}\r\n0\r\n\r\n"),
        ),
        post(
            "Transfer-Encoding: chunked\r\n",
            &format!("{length:x}\r\n{hidden}\r\n0\r\nX: y\r\n\r\n"),
        ),
    ]
}

/// Request lines and fields without end: 1 MB of target, 1 MB of one field, 100,000 fields.
pub fn big_heads(attack: &Attack<'_>) -> io::Result<()> {
    let long = "a".repeat(1_000_000);
    let many = "X: y\r\n".repeat(100_000);
    let heads = [
        request("GET", &format!("/{long}"), "", ""),
        request(&long, "/", "", ""),
        request("GET", "/", &format!("X: {long}\r\n"), ""),
        request("GET", "/", &format!("{long}: y\r\n"), ""),
        request("GET", "/", &many, ""),
        long.clone(),
        format!("\r\n{}", "\r\n".repeat(100_000)),
    ];
    each(attack, &heads)
}

/// Ways out of the folder, read and written. What is not the laboratory's own is only read.
pub fn escapes(attack: &Attack<'_>) -> io::Result<()> {
    let mut requests = Vec::new();
    for name in SYSTEM {
        for place in ["/files/", "/"] {
            requests.push(request("GET", &format!("{place}{name}"), "", ""));
        }
    }
    for name in OUTSIDE {
        for place in ["/files/", "/"] {
            requests.push(request("GET", &format!("{place}{name}"), "", ""));
        }
        // Decoded once, as it must be, this is a plain name: a file inside may be called so.
        if *name != TWICE {
            requests.push(request(
                "PUT",
                &format!("/files/{name}"),
                "Content-Length: 3\r\n",
                "out",
            ));
        }
        requests.push(request("DELETE", &format!("/files/{name}"), "", ""));
    }
    each(attack, &requests)
}

/// The name of the file beside the folder that nobody may read.
pub const SECRET: &str = "secret";

/// What [`SECRET`] holds.
pub const SECRET_CONTENT: &str = "nobody may read this";

/// The name of another file there, which no request contains: who hears it has read the list of a folder
/// that is not shared.
pub const BESIDE: &str = "nobody-may-list-this";

/// `../secret` for a reader who decodes twice.
const TWICE: &str = "%252e%252e%252fsecret";

/// Paths to a file of the system.
const SYSTEM: &[&str] = &["%2fetc%2fpasswd", "/etc/passwd"];

/// Paths that lead out of a folder on some system, for some reader.
const OUTSIDE: &[&str] = &[
    "../secret",
    "..%2fsecret",
    "%2e%2e/secret",
    "%2e%2e%2fsecret",
    TWICE,
    "..%5csecret",
    "..%c0%afsecret",
    "....//secret",
    "./../secret",
    "x/../../secret",
    "%00",
    "kept.txt%00.html",
    ".",
    "..",
    "%2e",
    "",
    ".network-disk-unfinished-x",
    "%0d%0aX:%20y",
    "..;/secret",
];

/// Every request on a connection of its own, and all answers read.
fn each(attack: &Attack<'_>, requests: &[String]) -> io::Result<()> {
    while attack.variations(requests.len(), |number| {
        if let Some(socket) = attack.connect()? {
            // A server that has heard enough answers and closes before all is sent.
            attack.send(&socket, requests[number].as_bytes());
            if matches!(attack.hear(&socket, ANSWER), Heard::Octets(_)) {
                attack.half_close(&socket, ANSWER);
            }
        }
        Ok(())
    })? {}
    Ok(())
}
