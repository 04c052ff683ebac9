//! Checks of "Both directions at once".

mod exercise;

use std::io;

use kit::{Check, Got, Outcome, Peer, Running};

type Program = Running<io::Result<Vec<u8>>>;

/// More than all buffers on the way hold together: those of Linux have 4 MB for sending.
const MUCH: usize = 8 << 20;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the peer reads, and then sends", short_question),
        ("the peer sends, and then reads", short_greeting),
        ("the peer reads 8 MB before it sends", reads_first),
        ("the peer sends 8 MB before it reads", sends_first),
        (
            "the peer sends when your stream has ended",
            waits_for_the_end,
        ),
    ])
}

fn start(check: &Check, data: Vec<u8>) -> Outcome<(Program, Peer)> {
    let (peer, stream) = check.pair("the peer")?;
    let program = check.start("your program", move || exercise::exchange(stream, data));
    Ok((program, peer))
}

fn short_question(check: &Check) -> Outcome {
    let (program, mut peer) = start(check, b"ping".to_vec())?;
    peer.expect("ping")?;
    peer.send("pong")?;
    peer.finish()?;
    peer.expect_end()?;
    program.returns()?.ok()?.octets("pong")
}

fn short_greeting(check: &Check) -> Outcome {
    let (program, mut peer) = start(check, b"ping".to_vec())?;
    peer.send("welcome")?;
    peer.finish()?;
    peer.expect("ping")?;
    peer.expect_end()?;
    program.returns()?.ok()?.octets("welcome")
}

fn much(text: &str) -> Vec<u8> {
    text.as_bytes().repeat(MUCH / text.len())
}

/// Nobody wants to see 8 MB of octets: how many came is what helps.
fn same(check: &Check, who: &str, got: &[u8], expected: &[u8]) -> Outcome {
    if got == expected {
        return Ok(());
    }
    let (came, of) = (got.len(), expected.len());
    let unmet = format!("{who} has received what was sent: {of} octets. {came} came");
    check.fail(unmet, "other octets")
}

fn received(check: &Check, program: Program, expected: &[u8]) -> Outcome {
    let Got { value, .. } = program.returns()?.ok()?;
    same(check, "your program", &value, expected)
}

fn reads_first(check: &Check) -> Outcome {
    let (ours, yours) = (much("peer"), much("your"));
    let (program, mut peer) = start(check, yours.clone())?;
    let got = peer.read_exactly(yours.len())?;
    same(check, "the peer", &got, &yours)?;
    peer.send(&ours)?;
    peer.finish()?;
    peer.expect_end()?;
    received(check, program, &ours)
}

fn sends_first(check: &Check) -> Outcome {
    let (ours, yours) = (much("peer"), much("your"));
    let (program, mut peer) = start(check, yours.clone())?;
    peer.send(&ours)?;
    peer.finish()?;
    let got = peer.read_to_end()?;
    same(check, "the peer", &got, &yours)?;
    received(check, program, &ours)
}

fn waits_for_the_end(check: &Check) -> Outcome {
    let (program, mut peer) = start(check, b"ping".to_vec())?;
    peer.expect("ping")?;
    peer.expect_end()?;
    peer.send("pong")?;
    peer.finish()?;
    program.returns()?.ok()?.octets("pong")
}
