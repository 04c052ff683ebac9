//! Checks of "Sent is not received".

mod exercise;

use std::io;
use std::mem::ManuallyDrop;

use kit::net::TcpStream;
use kit::{Check, Got, Outcome, Peer};

/// Stays open when a call has returned: the check decides when the connection ends.
type Stream = ManuallyDrop<TcpStream>;

/// What the call returned, and the stream for the next call.
type Returned = Outcome<(Got<io::Result<()>>, Stream)>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a message that is confirmed", confirmed),
        ("a connection that ends before the answer", unanswered),
        ("an answer that is no confirmation", refused),
        ("a confirmation in two parts", two_parts),
        ("an answer that only contains an ok", nearly),
        ("an end in the middle of the answer", cut_off),
        ("after a refusal, the next message", next_message),
    ])
}

fn pair(check: &Check) -> Outcome<(Peer, Stream)> {
    let (store, stream) = check.pair("the store")?;
    Ok((store, Stream::new(stream)))
}

/// Starts one call. Its result is asked for later: the store must answer first.
fn start(
    check: &Check,
    mut stream: Stream,
    message: &'static str,
) -> impl FnOnce() -> Returned + use<> {
    let running = check.start(&format!("`deliver(stream, {message:?})`"), move || {
        (exercise::deliver(&mut stream, message), stream)
    });
    move || {
        let Got { call, value } = running.returns()?;
        let (value, stream) = value;
        Ok((Got { call, value }, stream))
    }
}

fn confirmed(check: &Check) -> Outcome {
    let (mut store, mut stream) = pair(check)?;
    for message in ["hello", "and again"] {
        let call = start(check, stream, message);
        store.expect(format!("{message}\n"))?;
        store.send("ok\n")?;
        let (got, rest) = call()?;
        got.ok()?;
        stream = rest;
    }
    Ok(())
}

/// The store answers this and ends its stream: `deliver` must not report success.
fn fails_after(check: &Check, answer: &str) -> Outcome {
    let (mut store, stream) = pair(check)?;
    let call = start(check, stream, "hello");
    store.expect("hello\n")?;
    if !answer.is_empty() {
        store.send(answer)?;
    }
    store.finish()?;
    call()?.0.err().map(drop)
}

fn unanswered(check: &Check) -> Outcome {
    fails_after(check, "")
}

fn refused(check: &Check) -> Outcome {
    fails_after(check, "no\n")
}

/// Each of these begins, ends or goes on with what a confirmation has.
fn nearly(check: &Check) -> Outcome {
    fails_after(check, "not ok\n")?;
    fails_after(check, "ok, tomorrow\n")
}

/// The line is not whole: it may have been going to say something else.
fn cut_off(check: &Check) -> Outcome {
    fails_after(check, "o")?;
    fails_after(check, "ok")
}

fn next_message(check: &Check) -> Outcome {
    let (mut store, stream) = pair(check)?;
    let call = start(check, stream, "hello");
    store.expect("hello\n")?;
    store.send("not today\n")?;
    let (got, stream) = call()?;
    got.err()?;
    let call = start(check, stream, "hello");
    store.expect("hello\n")?;
    store.send("ok\n")?;
    call()?.0.ok().map(drop)
}

fn two_parts(check: &Check) -> Outcome {
    let (mut store, stream) = pair(check)?;
    let call = start(check, stream, "hello");
    store.expect("hello\n")?;
    store.send("o")?;
    store.until_read()?;
    store.send("k\n")?;
    call()?.0.ok().map(drop)
}
