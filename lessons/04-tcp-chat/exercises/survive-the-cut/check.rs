//! Checks of "Survive a character cut in two".

mod exercise;

use exercise::Decoder;
use kit::{Check, Outcome, Peer, Running};

type Server = Running<std::io::Result<()>>;

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("characters that arrive whole", whole),
        ("the end adds nothing to what is complete", complete_end),
        ("an `é` that is cut in two", cut_in_two),
        (
            "every cut of a text with characters of all lengths",
            every_cut,
        ),
        ("octets that never become a character", never),
        ("the stream ends in the middle of a character", end),
        ("any octets in any pieces, against `from_utf8_lossy`", any),
    ])
}

fn start(check: &Check) -> Outcome<(Server, Peer)> {
    let (client, stream) = check.pair("the client")?;
    let server = check.start("your server", move || exercise::echo(stream));
    Ok((server, client))
}

fn whole(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    client.send("hello")?;
    client.expect("hello")?;
    client.send("café")?;
    client.expect("café")
}

fn complete_end(check: &Check) -> Outcome {
    let (server, mut client) = start(check)?;
    client.send("café")?;
    client.expect("café")?;
    client.finish()?;
    server.returns()?.ok()?;
    client.expect_end()
}

fn cut_in_two(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    client.send(b"caf\xc3")?;
    client.until_read()?;
    client.expect("caf")?;
    check.until_still();
    client.nothing_yet()?;
    client.send(b"\xa9!")?;
    client.expect("é!")
}

/// Pieces that differ from what they should give, and how.
struct Difference {
    pieces: String,
    expected: String,
    got: String,
}

/// Gives the decoder the pieces. After each one, all that is complete must be there; at the end all.
///
/// Octets that are wrong may be held back for as long as they look like the begin of a character, so
/// that only what is `valid` is asked for early.
fn decode(pieces: &[&[u8]], valid: bool) -> Option<Difference> {
    let mut decoder = Decoder::new();
    let (mut sent, mut got) = (Vec::new(), String::new());
    let differs = |expected: String, got: &str| {
        let pieces: Vec<String> = (pieces.iter())
            .map(|piece| format!("push(b\"{}\")", piece.escape_ascii()))
            .collect();
        (got != expected).then(|| Difference {
            pieces: pieces.join(", "),
            expected,
            got: got.to_owned(),
        })
    };
    for piece in pieces {
        sent.extend_from_slice(piece);
        got += &decoder.push(piece);
        if valid {
            let complete = match std::str::from_utf8(&sent) {
                Ok(text) => text.len(),
                Err(error) => error.valid_up_to(),
            };
            let expected = String::from_utf8_lossy(&sent[..complete]).into_owned();
            if let Some(difference) = differs(expected, &got) {
                return Some(difference);
            }
        }
    }
    got += &decoder.finish();
    differs(String::from_utf8_lossy(&sent).into_owned(), &got)
}

fn report(check: &Check, name: &str, difference: Option<Difference>) -> Outcome {
    let Some(Difference {
        pieces,
        expected,
        got,
    }) = difference
    else {
        return Ok(());
    };
    check.tell(&format!("calls {pieces}"));
    check.fail(
        format!("so far these return {expected:?} together; they returned {got:?}"),
        format!("{name}: {got:?}"),
    )
}

fn every_cut(check: &Check) -> Outcome {
    const TEXT: &[u8] = "aé你😀z".as_bytes();
    let found = check.call("push(…) for each cut", || {
        (0..=TEXT.len()).find_map(|cut| decode(&[&TEXT[..cut], &TEXT[cut..]], true))
    })?;
    report(check, "one cut", found.value)?;
    let found = check.call("push(…) octet by octet", || {
        let octets: Vec<&[u8]> = TEXT.chunks(1).collect();
        decode(&octets, true)
    })?;
    report(check, "octet by octet", found.value)
}

fn never(check: &Check) -> Outcome {
    let (_server, mut client) = start(check)?;
    // Latin-1 writes the `é` so.
    client.send(b"caf\xe9 au lait")?;
    client.expect("caf\u{fffd} au lait")?;
    client.send("café")?;
    client.expect("café")
}

fn end(check: &Check) -> Outcome {
    let (server, mut client) = start(check)?;
    client.send(b"ok\xf0\x9f\x98")?;
    client.expect("ok")?;
    client.until_read()?;
    client.finish()?;
    client.expect("\u{fffd}")?;
    server.returns()?.ok()?;
    client.expect_end()
}

fn any(check: &Check) -> Outcome {
    let found = check.call("push(…) for 3,000 streams", || {
        let mut dice = Dice(0x2545_F491);
        (0..3000).find_map(|_| {
            let stream: Vec<u8> = (0..dice.below(10)).map(|_| dice.octet()).collect();
            let mut pieces = Vec::new();
            let mut rest = stream.as_slice();
            while !rest.is_empty() {
                let (piece, after) = rest.split_at(1 + dice.below(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            decode(&pieces, false)
        })
    })?;
    report(check, "any octets", found.value)
}

/// The same numbers in every run (xorshift).
struct Dice(u32);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as usize % limit
    }

    /// An octet that matters: of ASCII, of a character's begin or middle, or of none.
    fn octet(&mut self) -> u8 {
        const OCTETS: &[u8] = b"a\x80\xa9\xbf\xc3\xe4\xbd\xa0\xed\xf0\x9f\x98\xff";
        OCTETS[self.below(OCTETS.len())]
    }
}
