//! Checks of "Say how long it is".

mod exercise;

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use exercise::LONGEST;
use kit::net::TcpStream;
use kit::{Check, Got, Outcome, Running};

/// What one call of `read_frame` has returned, and the stream for the next one.
type Reading = Running<(io::Result<Option<Vec<u8>>>, TcpStream)>;
type Frame = Got<io::Result<Option<String>>>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("an empty message is its length alone", nothing_written),
        ("a frame is written: length and text", written),
        ("the length counts octets", octets_are_counted),
        ("a frame is read", one),
        ("a frame that comes in five pieces is one frame", pieces),
        ("two frames that come in one piece are read one by one", two),
        ("a message may be empty", empty),
        ("a message may be as long as LONGEST", longest),
        ("the stream ends between two frames", clean_end),
        ("the stream ends inside a frame", end_inside),
        ("a length of more than LONGEST is refused at once", too_long),
    ])
}

fn frame(text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len()).expect("a test message is short");
    [&length.to_be_bytes(), text.as_bytes()].concat()
}

fn write(check: &Check, text: &'static str) -> Outcome {
    let (mut peer, mut stream) = check.pair("the peer")?;
    let call = format!("write_frame(…, \"{text}\")");
    check
        .call(call, move || exercise::write_frame(&mut stream, text))?
        .ok()?;
    peer.expect(frame(text))?;
    peer.expect_end()
}

fn nothing_written(check: &Check) -> Outcome {
    write(check, "")
}

fn written(check: &Check) -> Outcome {
    write(check, "hello")
}

fn octets_are_counted(check: &Check) -> Outcome {
    write(check, "你好")
}

fn start(check: &Check, mut stream: TcpStream) -> Reading {
    check.start("`read_frame`", move || {
        (exercise::read_frame(&mut stream), stream)
    })
}

/// The message as text, which is what a story can show.
fn finish(reading: Reading) -> Outcome<(Frame, TcpStream)> {
    let Got { call, value } = reading.returns()?;
    let text = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
    let value_as_text = value.0.map(|message| message.map(text));
    let frame = Got {
        call,
        value: value_as_text,
    };
    Ok((frame, value.1))
}

fn read(check: &Check, stream: TcpStream) -> Outcome<(Frame, TcpStream)> {
    finish(start(check, stream))
}

fn message(frame: Frame, text: &str) -> Outcome {
    frame.ok()?.is(Some(text.to_owned()))
}

fn error(frame: Frame, kind: ErrorKind) -> Outcome {
    let Got { call, value } = frame.err()?;
    Got {
        call: format!("the kind of the error of {call}"),
        value: value.kind(),
    }
    .is(kind)
}

fn one(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send(frame("hello"))?;
    message(read(check, stream)?.0, "hello")
}

fn two(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send([frame("see you"), frame("bye")].concat())?;
    peer.finish()?;
    let (first, stream) = read(check, stream)?;
    message(first, "see you")?;
    message(read(check, stream)?.0, "bye")
}

fn pieces(check: &Check) -> Outcome {
    let (mut peer, mut stream) = check.pair("the peer")?;
    let returned = Arc::new(AtomicBool::new(false));
    let has_returned = Arc::clone(&returned);
    let reading = check.start("`read_frame`", move || {
        let result = exercise::read_frame(&mut stream);
        has_returned.store(true, Ordering::SeqCst);
        (result, stream)
    });
    for piece in [b"\0\0", b"\0\x05", b"he", b"ll"] {
        peer.send(piece)?;
        let read = peer.until_read();
        check.until_still();
        // What it has returned too early tells more than what it has left unread.
        if returned.load(Ordering::SeqCst) {
            return message(finish(reading)?.0, "hello");
        }
        read?;
    }
    peer.send("o")?;
    message(finish(reading)?.0, "hello")
}

fn empty(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send([frame(""), frame("hi")].concat())?;
    peer.finish()?;
    let (empty, stream) = read(check, stream)?;
    message(empty, "")?;
    message(read(check, stream)?.0, "hi")
}

fn longest(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    let long = "x".repeat(LONGEST);
    peer.send(frame(&long))?;
    peer.finish()?;
    message(read(check, stream)?.0, &long)
}

fn clean_end(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send(frame("bye"))?;
    peer.finish()?;
    let (bye, stream) = read(check, stream)?;
    message(bye, "bye")?;
    read(check, stream)?.0.ok()?.is(None::<String>)
}

fn end_inside(check: &Check) -> Outcome {
    for part in [b"\0\0\0\x05hel".as_slice(), b"\0\0\0\x05", b"\0\0"] {
        let (mut peer, stream) = check.pair("the peer")?;
        peer.send(part)?;
        peer.finish()?;
        error(read(check, stream)?.0, ErrorKind::UnexpectedEof)?;
    }
    Ok(())
}

fn too_long(check: &Check) -> Outcome {
    // 100 million octets are announced, and none of them is ever sent.
    for length in [u32::try_from(LONGEST + 1).unwrap_or(u32::MAX), 100_000_000] {
        let (mut peer, stream) = check.pair("the peer")?;
        peer.send(length.to_be_bytes())?;
        error(read(check, stream)?.0, ErrorKind::InvalidData)?;
    }
    Ok(())
}
