//! Checks of "Answer each line".

mod exercise;

use kit::{Check, Kind, Outcome, Peer, Running};

type Server = Running<std::io::Result<()>>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a line is answered", one_line),
        (
            "a line that comes in two pieces is answered once",
            two_pieces,
        ),
        (
            "two lines that come in one piece are answered both",
            two_lines,
        ),
        ("after a whole line, the half of one waits", one_and_a_half),
        ("octets that are no text are answered too", no_text),
        ("letters beyond a to z stay as they are", other_letters),
        ("the server is done when the client is", end),
    ])
}

fn start(check: &Check) -> Outcome<(Server, Peer)> {
    let listener = check.listener()?;
    let address = listener.local_addr().expect("a listener has an address");
    let server = check.start("your server", move || exercise::serve(&listener));
    Ok((server, check.connect("the client", address)?))
}

fn one_line(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    client.send("hello\n")?;
    client.expect("HELLO\n")?;
    client.send("again\n")?;
    client.expect("AGAIN\n")
}

fn two_pieces(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    client.send("hel")?;
    client.until_read()?;
    client.nothing_yet()?;
    client.send("lo\n")?;
    client.expect("HELLO\n")
}

fn two_lines(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    client.send("one\ntwo\n")?;
    client.expect("ONE\n")?;
    let Err(failure) = client.expect("TWO\n") else {
        return Ok(());
    };
    if failure.kind != Kind::Deadline {
        return Err(failure);
    }
    // Has the server lost the second line, or does it only wait for more?
    client.send("three\n")?;
    match client.read_until("\n")?.as_slice() {
        b"TWO\n" => check.fail(
            "the client receives \"TWO\\n\" before it sends a third line",
            "with the third line",
        ),
        _ => check.fail(
            "the client receives \"TWO\\n\" after \"ONE\\n\"",
            "the second line is lost",
        ),
    }
}

fn one_and_a_half(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    client.send("one\ntw")?;
    client.expect("ONE\n")?;
    client.until_read()?;
    client.nothing_yet()?;
    client.send("o\n")?;
    client.expect("TWO\n")
}

fn no_text(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    // An `é` as Latin-1 writes it.
    client.send(b"caf\xe9\n")?;
    client.expect(b"CAF\xe9\n")?;
    client.send("again\n")?;
    client.expect("AGAIN\n")
}

fn other_letters(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    client.send("straße é\n")?;
    client.expect("STRAßE é\n")
}

fn end(check: &Check) -> Outcome {
    let (server, mut client) = start(check)?;
    client.send("last\n")?;
    client.expect("LAST\n")?;
    client.finish()?;
    server.returns()?.ok()?;
    client.expect_end()
}
