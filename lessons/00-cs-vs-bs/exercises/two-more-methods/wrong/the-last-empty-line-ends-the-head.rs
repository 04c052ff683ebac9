//! The head ends at the last empty line.
//!
//! It ends at the first one: what stands behind it is the body, and a letter or a page may have empty
//! lines of its own. Then you send a part of the body, and the client takes it for the beginning of the
//! next answer. Look from the front: `find`, and not `rfind`.

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
            let mut text = answer("GET", target, files);
            if let Some(end) = text.rfind("\r\n\r\n") {
                text.truncate(end + 4);
            }
            text
        }
        "DELETE" => match files.remove(target) {
            Some(_) => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
            None => answer("GET", target, files),
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
