//! Checks of "Stored, or only sent?".

mod exercise;

use kit::{Check, Failure, Outcome, Peer, Running};

type Client = Running<std::io::Result<()>>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a file is stored", stored),
        ("a refusal after the octets is an error", full),
        ("a refusal instead of GO is an error", refused),
        ("an answer that comes in two pieces", pieces),
        ("no octet of the file is sent before GO", patient),
        ("a server that goes away has stored nothing", gone),
        ("octets are counted, not characters", counted),
        ("a yes to something else is an error", another_yes),
        ("an end in the middle of the answer is an error", cut_off),
    ])
}

/// Starts the student's client, and accepts its connection.
fn start(check: &Check, name: &'static str, text: &'static str) -> Outcome<(Client, Peer)> {
    let listening = check.server("the server")?;
    let address = listening.address();
    let client = check.start("your client", move || exercise::store(address, name, text));
    let server = listening.accept()?;
    Ok((client, server))
}

/// One whole conversation in which everything is as it should be.
fn store(check: &Check, name: &'static str, text: &'static str, answer: &str) -> Outcome {
    let (client, mut server) = start(check, name, text)?;
    server.expect(format!("PUT {} {name}\n", text.len()))?;
    server.send("GO\n")?;
    server.expect(format!("{text}END\n"))?;
    server.send(answer)?;
    client.returns()?.ok()?;
    Ok(())
}

fn stored(check: &Check) -> Outcome {
    store(check, "notes.txt", "hello\n", "OK created\n")?;
    store(check, "two words.txt", "no end of a line", "OK replaced\n")
}

/// The server answers so when it has all the octets, and the client must not report success.
fn not_stored(check: &Check, answer: &str) -> Outcome {
    let (client, mut server) = start(check, "notes.txt", "hello\n")?;
    server.expect("PUT 6 notes.txt\n")?;
    server.send("GO\n")?;
    server.expect("hello\nEND\n")?;
    server.send(answer)?;
    client.returns()?.err()?;
    Ok(())
}

fn full(check: &Check) -> Outcome {
    not_stored(check, "ERROR full the disk is full\n")
}

fn another_yes(check: &Check) -> Outcome {
    not_stored(check, "OK deleted\n")?;
    not_stored(check, "OK created in memory only\n")
}

fn refused(check: &Check) -> Outcome {
    let (client, mut server) = start(check, "..", "hello\n")?;
    server.expect("PUT 6 ..\n")?;
    server.send("ERROR name a name cannot begin with a dot\n")?;
    client.returns()?.err()?;
    nothing_more(&mut server)
}

fn pieces(check: &Check) -> Outcome {
    let (client, mut server) = start(check, "notes.txt", "hello\n")?;
    server.expect("PUT 6 notes.txt\n")?;
    server.send("GO\n")?;
    server.expect("hello\nEND\n")?;
    server.send("OK repl")?;
    server.until_read()?;
    server.send("aced\n")?;
    client.returns()?.ok()?;
    Ok(())
}

fn patient(check: &Check) -> Outcome {
    let (client, mut server) = start(check, "notes.txt", "hello\n")?;
    server.expect("PUT 6 notes.txt\n")?;
    // The client has read this octet: so it waits for the rest, and has sent what it sends before.
    server.send("G")?;
    server.until_read()?;
    server.nothing_yet()?;
    server.send("O\n")?;
    server.expect("hello\nEND\n")?;
    server.send("OK created\n")?;
    client.returns()?.ok()?;
    nothing_more(&mut server)
}

fn gone(check: &Check) -> Outcome {
    let (client, mut server) = start(check, "notes.txt", "hello\n")?;
    server.expect("PUT 6 notes.txt\n")?;
    server.send("GO\n")?;
    server.expect("hello\nEND\n")?;
    server.finish()?;
    client.returns()?.err()?;
    let (client, mut server) = start(check, "notes.txt", "hello\n")?;
    server.expect("PUT 6 notes.txt\n")?;
    server.finish()?;
    client.returns()?.err()?;
    nothing_more(&mut server)
}

/// The line is not whole: it may have been going to say something else.
fn cut_off(check: &Check) -> Outcome {
    let (client, mut server) = start(check, "notes.txt", "hello\n")?;
    server.expect("PUT 6 notes.txt\n")?;
    server.send("GO\n")?;
    server.expect("hello\nEND\n")?;
    server.send("OK created")?;
    server.finish()?;
    client.returns()?.err()?;
    Ok(())
}

fn counted(check: &Check) -> Outcome {
    store(check, "empty.txt", "", "OK created\n")?;
    store(check, "报告.txt", "Grüße, 你好\n", "OK created\n")
}

/// The connection must end without another octet.
fn nothing_more(server: &mut Peer) -> Outcome {
    let more = server.read_to_end()?;
    if more.is_empty() {
        return Ok(());
    }
    let unmet = "the client sends nothing more";
    Err(Failure::octets(unmet, b"", &more))
}
