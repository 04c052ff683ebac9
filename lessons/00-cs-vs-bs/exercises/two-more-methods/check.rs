//! Checks of "Two more methods".

mod exercise;

use exercise::Files;
use kit::{Check, Failure, Outcome, Peer, Running};

type Server = Running<std::io::Result<()>>;

const NOTES: &str = "/files/notes.txt";
const GREETING: &str = "/files/greeting.txt";
const LETTER: &str = "/files/letter.txt";
const NOTHING: &str = "/files/nothing.txt";

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("GET works as before", get),
        ("HEAD is answered with the head of GET", head),
        ("no body follows the head of HEAD", no_body),
        ("HEAD of a file that is not there", head_of_nothing),
        ("DELETE is answered with 204", delete),
        ("a 204 has no length and no body", no_content),
        ("DELETE of a file that is not there", delete_nothing),
        ("requests that come in one piece, and the end", together),
        ("a file that contains an empty line", empty_line),
    ])
}

fn start(check: &Check) -> Outcome<(Server, Peer)> {
    let files = Files::from([
        (NOTES.to_owned(), "hello\n".to_owned()),
        (GREETING.to_owned(), "Grüße, 你好\n".to_owned()),
        (LETTER.to_owned(), "Dear all,\r\n\r\nhello\r\n".to_owned()),
    ]);
    let listener = check.listener()?;
    let address = listener.local_addr().expect("a listener has an address");
    let server = check.start("your server", move || exercise::serve(&listener, files));
    Ok((server, check.connect("the client", address)?))
}

fn ask(client: &mut Peer, method: &str, target: &str) -> Outcome {
    client.send(format!("{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n"))
}

/// Reads a head, which must begin with this status.
fn read_head(client: &mut Peer, status: &str) -> Outcome<String> {
    // Up to the end of the line, whatever stands in it: what comes in how many pieces is chance.
    let line = client.read_until("\n")?;
    let mut head = String::from_utf8_lossy(&line).into_owned();
    let expected = format!("HTTP/1.1 {status}\r\n");
    if head != expected {
        let unmet = format!("the answer begins with the status line of {status}");
        return Err(Failure::values(unmet, &expected, &head));
    }
    while !head.ends_with("\r\n\r\n") {
        let line = client.read_until("\r\n")?;
        head += &String::from_utf8_lossy(&line);
    }
    Ok(head)
}

/// Asks with GET, and reads the whole answer. Returns its head.
fn fetch(client: &mut Peer, target: &str, status: &str, body: &str) -> Outcome<String> {
    ask(client, "GET", target)?;
    let head = read_head(client, status)?;
    client.expect(body)?;
    Ok(head)
}

/// Asks with HEAD, and reads the head, which must be this one.
fn peek(client: &mut Peer, target: &str, status: &str, expected: &str) -> Outcome {
    ask(client, "HEAD", target)?;
    let head = read_head(client, status)?;
    if head == expected {
        return Ok(());
    }
    let unmet = "the head of HEAD is that of GET";
    Err(Failure::values(unmet, &expected, &head))
}

fn get(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    fetch(&mut client, NOTES, "200 OK", "hello\n")?;
    fetch(&mut client, NOTHING, "404 Not Found", "no such file\n")?;
    fetch(&mut client, NOTES, "200 OK", "hello\n")?;
    Ok(())
}

fn head(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    let expected = fetch(&mut client, GREETING, "200 OK", "Grüße, 你好\n")?;
    peek(&mut client, GREETING, "200 OK", &expected)
}

/// An empty line in a file looks like the one that ends a head.
fn empty_line(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    ask(&mut client, "HEAD", LETTER)?;
    read_head(&mut client, "200 OK")?;
    check.tell("lets the client ask again on the same connection");
    fetch(&mut client, NOTES, "200 OK", "hello\n")?;
    Ok(())
}

fn no_body(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    ask(&mut client, "HEAD", NOTES)?;
    read_head(&mut client, "200 OK")?;
    check.tell("lets the client ask again on the same connection");
    fetch(&mut client, NOTES, "200 OK", "hello\n")?;
    Ok(())
}

fn head_of_nothing(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    let expected = fetch(&mut client, NOTHING, "404 Not Found", "no such file\n")?;
    peek(&mut client, NOTHING, "404 Not Found", &expected)?;
    check.tell("lets the client ask again on the same connection");
    fetch(&mut client, NOTES, "200 OK", "hello\n")?;
    Ok(())
}

fn delete(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    ask(&mut client, "DELETE", NOTES)?;
    read_head(&mut client, "204 No Content").map(|_| ())
}

fn no_content(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    ask(&mut client, "DELETE", NOTES)?;
    let head = read_head(&mut client, "204 No Content")?;
    if head.to_ascii_lowercase().contains("content-length") {
        let unmet = "the head of a 204 does not speak of a length";
        return Err(Failure::values(unmet, &"no Content-Length", &head));
    }
    check.tell("lets the client ask again on the same connection");
    fetch(&mut client, GREETING, "200 OK", "Grüße, 你好\n")?;
    fetch(&mut client, NOTES, "404 Not Found", "no such file\n")?;
    Ok(())
}

fn delete_nothing(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    ask(&mut client, "DELETE", NOTHING)?;
    read_head(&mut client, "404 Not Found")?;
    client.expect("no such file\n")?;
    fetch(&mut client, NOTES, "200 OK", "hello\n")?;
    Ok(())
}

fn together(check: &Check) -> Outcome {
    let (server, mut client) = start(check)?;
    let known = fetch(&mut client, NOTES, "200 OK", "hello\n")?;
    let requests = ["HEAD", "DELETE", "HEAD", "GET"];
    client.send(
        requests
            .map(|method| format!("{method} {NOTES} HTTP/1.1\r\n\r\n"))
            .concat(),
    )?;
    client.expect(&known)?;
    read_head(&mut client, "204 No Content")?;
    read_head(&mut client, "404 Not Found")?;
    read_head(&mut client, "404 Not Found")?;
    client.expect("no such file\n")?;
    client.finish()?;
    server.returns()?.ok()?;
    client.expect_end()
}
