//! Checks of "Say that nothing more comes".

mod exercise;

use kit::{Check, Failure, Kind, Outcome, Peer, Running};

type Client = Running<std::io::Result<Vec<u8>>>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the answer comes when the question has ended", answered),
        ("a long answer is read whole", long_answer),
        ("an answer in two parts is read whole", two_parts),
        ("no octet is an answer too", empty_answer),
        ("an answer that is no text", no_text),
    ])
}

/// The client has asked this, and has said that nothing more comes.
fn asked(check: &Check, question: &'static str) -> Outcome<(Client, Peer)> {
    let server = check.server("the server")?;
    let address = server.address();
    let client = check.start("your client", move || {
        exercise::ask(address, question.as_bytes())
    });
    let mut server = server.accept()?;
    server.expect(question)?;
    server.expect_end()?;
    // A client that has ended more than its own stream finds that out before the answer comes. Whether
    // it would see an end or a reset afterwards is chance, so nothing is sent to it.
    check.until_still();
    client.still_runs().map_err(|_| {
        let unmet = "your client waits for the answer, which has not come yet";
        Failure::new(Kind::Returned, unmet, "returned before the answer")
    })?;
    Ok((client, server))
}

fn answered(check: &Check) -> Outcome {
    let (client, mut server) = asked(check, "How much is 6 * 7?")?;
    server.send("42")?;
    server.close();
    client.returns()?.ok()?.octets("42")
}

fn long_answer(check: &Check) -> Outcome {
    let (client, mut server) = asked(check, "What are the first digits?")?;
    let answer = "0123456789".repeat(1_600);
    server.send(&answer)?;
    server.close();
    let got = client.returns()?.ok()?.value;
    if got == answer.as_bytes() {
        return Ok(());
    }
    check.fail(
        format!("your client returns all {} octets", answer.len()),
        format!("too few: {}", got.len() < answer.len()),
    )
}

/// An answer is octets: these are no text.
fn no_text(check: &Check) -> Outcome {
    let (client, mut server) = asked(check, "Which picture?")?;
    server.send(b"\x89PNG\r\n\xff")?;
    server.close();
    client.returns()?.ok()?.octets(b"\x89PNG\r\n\xff")
}

fn two_parts(check: &Check) -> Outcome {
    let (client, mut server) = asked(check, "Who is there?")?;
    server.send("the ")?;
    server.until_read()?;
    server.send("server")?;
    server.close();
    client.returns()?.ok()?.octets("the server")
}

fn empty_answer(check: &Check) -> Outcome {
    let (client, server) = asked(check, "Anything else?")?;
    server.close();
    client.returns()?.ok()?.octets("")
}
