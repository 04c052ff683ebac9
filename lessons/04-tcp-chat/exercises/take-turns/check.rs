//! Checks of "Take turns".

mod exercise;

use kit::{Check, Outcome, Peer, Running};

type Client = Running<std::io::Result<Vec<String>>>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the client speaks first", speaks_first),
        ("its line has an end", line_end),
        ("one line, one answer, and so on", in_turns),
        (
            "an answer that comes in two pieces is one answer",
            two_pieces,
        ),
        ("after the last line it says `bye`", end_of_lines),
        ("a line that contains `bye` is not `bye`", not_bye),
        ("nothing is said after `bye`", nothing_after_bye),
        ("an end instead of an answer is an error", no_answer),
        ("an answer loses its line end, and nothing else", spaces),
        ("nobody answers `bye`, and the client does not wait", bye),
    ])
}

fn start(check: &Check, lines: &'static [&str]) -> Outcome<(Client, Peer)> {
    let (server, stream) = check.pair("the server")?;
    check.tell(&format!("calls `converse` with the lines {lines:?}"));
    let client = check.start("your client", move || exercise::converse(stream, lines));
    Ok((client, server))
}

fn speaks_first(check: &Check) -> Outcome {
    let (_client, mut server) = start(check, &["hello", "bye"])?;
    server.expect("hello")
}

fn line_end(check: &Check) -> Outcome {
    let (_client, mut server) = start(check, &["hello", "bye"])?;
    server.expect("hello\n")
}

fn in_turns(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["hello", "how are you?", "bye"])?;
    server.expect("hello\n")?;
    check.until_still();
    server.nothing_yet()?;
    server.send("hi\n")?;
    server.expect("how are you?\n")?;
    check.until_still();
    server.nothing_yet()?;
    server.send("fine\n")?;
    server.expect("bye\n")?;
    server.close();
    client.returns()?.ok()?.is(vec!["hi", "fine"])
}

fn two_pieces(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["hello", "bye"])?;
    server.expect("hello\n")?;
    server.send("who is ")?;
    server.until_read()?;
    check.until_still();
    server.nothing_yet()?;
    server.send("there?\n")?;
    server.expect("bye\n")?;
    server.close();
    client.returns()?.ok()?.is(vec!["who is there?"])
}

fn spaces(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["hello", "and you?", "bye"])?;
    server.expect("hello\n")?;
    server.send("  fine \n")?;
    server.expect("and you?\n")?;
    server.send("\n")?;
    server.expect("bye\n")?;
    server.close();
    client.returns()?.ok()?.is(vec!["  fine ", ""])
}

fn not_bye(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["bye bye", "goodbye", "bye"])?;
    for (line, answer) in [("bye bye\n", "what?\n"), ("goodbye\n", "well\n")] {
        server.expect(line)?;
        server.send(answer)?;
    }
    server.expect("bye\n")?;
    server.close();
    client.returns()?.ok()?.is(vec!["what?", "well"])
}

fn end_of_lines(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["hello"])?;
    server.expect("hello\n")?;
    server.send("hi\n")?;
    server.expect("bye\n")?;
    server.close();
    client.returns()?.ok()?.is(vec!["hi"])
}

fn nothing_after_bye(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["hello", "bye", "hello again"])?;
    server.expect("hello\n")?;
    server.send("hi\n")?;
    server.expect("bye\n")?;
    // The server leaves: its end of stream is no answer.
    server.finish()?;
    server.expect_end()?;
    client.returns()?.ok()?.is(vec!["hi"])
}

fn no_answer(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["hello", "bye"])?;
    server.expect("hello\n")?;
    server.send("h")?;
    server.finish()?;
    client.returns()?.err()?;
    Ok(())
}

fn bye(check: &Check) -> Outcome {
    let (client, mut server) = start(check, &["bye"])?;
    server.expect("bye\n")?;
    // The server stays, and says nothing.
    client.returns()?.ok()?.is(Vec::<String>::new())
}
