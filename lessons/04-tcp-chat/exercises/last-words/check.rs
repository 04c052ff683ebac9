//! Checks of "Last words".

mod exercise;

use kit::net::TcpStream;
use kit::{Check, Kind, Outcome, Running};

type Client = Running<std::io::Result<Vec<u8>>>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("`bye` comes after the last words", in_order),
        (
            "what the server said before is heard, and it hears all",
            both_at_once,
        ),
        (
            "the server sees the end of the stream, and may still speak",
            half_close,
        ),
        ("what the server says need not be text", no_text),
    ])
}

fn start(check: &Check, stream: TcpStream, words: String) -> Client {
    check.start("your client", move || exercise::say_goodbye(stream, &words))
}

fn in_order(check: &Check) -> Outcome {
    let (mut server, stream) = check.pair("the server")?;
    let _client = start(check, stream, "see you\n".to_owned());
    server.expect("see you\nbye\n")
}

/// The two speak at the same time. The client says more than the server's system takes before its program
/// reads, so a part of it is on the way when the client has sent all.
fn both_at_once(check: &Check) -> Outcome {
    let (mut server, stream) = check.pair("the server")?;
    server.send("wait!\n")?;
    let words = "so long\n".repeat(12_500);
    let expected = format!("{words}bye\n").into_bytes();
    let client = start(check, stream, words);
    // Whoever reads earlier makes room for the rest. On a busy machine the client may begin late.
    for _ in 0..4 {
        check.until_still();
    }
    let mut heard = Vec::new();
    while heard.len() < expected.len() {
        match server.read_exactly(1000.min(expected.len() - heard.len())) {
            Ok(octets) => heard.extend(octets),
            Err(failure) if failure.kind == Kind::End => {
                let (all, came) = (expected.len(), heard.len());
                let unmet = format!("the server hears all {all} octets, not only {came}");
                return check.fail(unmet, GONE);
            }
            Err(failure) => return Err(failure),
        }
    }
    if heard != expected {
        return check.fail("the server hears the words, and then `bye`", "other octets");
    }
    server.close();
    let answer = client.returns()?.ok()?;
    if answer.value.is_empty() {
        let unmet = "your client returns \"wait!\\n\", and has not left without reading it";
        return check.fail(unmet, GONE);
    }
    answer.octets("wait!\n")
}

/// The client has left before the server has. Whether what was on the way is lost by that, the system and
/// the moment decide: it is the same mistake.
const GONE: &str = "the client has left too early";

fn half_close(check: &Check) -> Outcome {
    let (mut server, stream) = check.pair("the server")?;
    let client = start(check, stream, "see you\n".to_owned());
    server.expect("see you\nbye\n")?;
    server.expect_end()?;
    check.until_still();
    server.send("take ")?;
    check.until_still();
    // Who has gone already cannot be reached: what it returned tells more.
    let _ = server.send("care\n");
    check.until_still();
    let _ = server.send("good night\n");
    server.close();
    client.returns()?.ok()?.octets("take care\ngood night\n")
}

fn no_text(check: &Check) -> Outcome {
    let (mut server, stream) = check.pair("the server")?;
    let client = start(check, stream, "see you\n".to_owned());
    server.expect("see you\nbye\n")?;
    server.expect_end()?;
    check.until_still();
    // An `é` as Latin-1 writes it.
    let _ = server.send(b"caf\xe9\n");
    server.close();
    client.returns()?.ok()?.octets(b"caf\xe9\n")
}
