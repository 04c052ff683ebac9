//! Checks of "Exactly so many octets".

mod exercise;

use std::io::{self, ErrorKind};
use std::mem::ManuallyDrop;

use kit::net::TcpStream;
use kit::{Check, Got, Kind, Outcome};

/// Stays open when a call has returned: the check decides when the connection ends.
type Stream = ManuallyDrop<TcpStream>;

/// What the call returned, as text, and the stream for the next call.
type Returned = Outcome<(Got<io::Result<Option<String>>>, Stream)>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("five octets that arrive together", together),
        ("five octets that arrive in two parts", in_two_parts),
        ("what comes behind the piece stays in the stream", behind),
        ("the stream ends between two pieces", end_between),
        ("the stream ends inside a piece", end_inside),
    ])
}

/// Starts one call. Its result is asked for later: octets may come meanwhile.
fn start(check: &Check, mut stream: Stream) -> impl FnOnce() -> Returned + use<> {
    let running = check.start("`next_piece(stream, 5)`", move || {
        (exercise::next_piece(&mut stream, 5), stream)
    });
    move || {
        let Got { call, value } = running.returns()?;
        let (value, stream) = value;
        let text = |piece: Vec<u8>| String::from_utf8_lossy(&piece).into_owned();
        let value = value.map(|piece| piece.map(text));
        Ok((Got { call, value }, stream))
    }
}

fn returns(returned: Returned, expected: Option<&str>) -> Outcome<Stream> {
    let (got, stream) = returned?;
    got.ok()?.is(expected.map(str::to_owned))?;
    Ok(stream)
}

fn together(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send("hello")?;
    let call = start(check, Stream::new(stream));
    returns(call(), Some("hello")).map(drop)
}

fn in_two_parts(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    let call = start(check, Stream::new(stream));
    peer.send("he")?;
    peer.until_read()?;
    peer.send("llo")?;
    returns(call(), Some("hello"))
        .map(drop)
        .map_err(|mut failure| {
            // An error or the part that has come: either way it did not wait for the rest.
            if ["he\")", "Err"]
                .iter()
                .any(|end| failure.detail.ends_with(end))
            {
                "returned before the piece was whole".clone_into(&mut failure.detail);
            }
            failure
        })
}

fn behind(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send("helloworld")?;
    peer.finish()?;
    let stream = returns(start(check, Stream::new(stream))(), Some("hello"))?;
    returns(start(check, stream)(), Some("world"))
        .map(drop)
        .map_err(|mut failure| {
            // No piece, or an error: either way they are gone.
            if failure.kind == Kind::Value {
                "the octets behind the piece are lost".clone_into(&mut failure.detail);
            }
            failure
        })
}

fn end_between(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send("hello")?;
    peer.finish()?;
    let stream = returns(start(check, Stream::new(stream))(), Some("hello"))?;
    returns(start(check, stream)(), None).map(drop)
}

fn end_inside(check: &Check) -> Outcome {
    let (mut peer, stream) = check.pair("the peer")?;
    peer.send("hel")?;
    peer.finish()?;
    let (got, _stream) = start(check, Stream::new(stream))()?;
    let Got { call, value } = got.err()?;
    let value = value.kind();
    Got { call, value }.is(ErrorKind::UnexpectedEof)
}
