//! Checks of "Which messages are missing?".

mod exercise;

use std::time::{Duration, Instant};

use kit::{Check, Got, Outcome};

/// All datagrams wait in the socket before the student's code begins, so a short time is enough.
const QUIET: Duration = Duration::from_millis(50);

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("all come, in their order", all),
        ("some overtake others", overtaken),
        ("the network has made copies", copies),
        ("some are lost", lost),
        ("the last ones are lost", tail_lost),
        ("what does not belong to the series", foreign),
        ("a message without text", empty),
        ("more messages than one octet counts", many),
        ("a text of 1,000 octets", longest),
        ("they come slowly, and none is lost", slowly),
    ])
}

fn numbered(number: u32, text: &str) -> Vec<u8> {
    [&number.to_be_bytes(), text.as_bytes()].concat()
}

/// A series with the numbers 1 to `count`, of which these datagrams come, in this order.
fn series(
    check: &Check,
    count: u32,
    datagrams: &[Vec<u8>],
    messages: &[&str],
    missing: &[u32],
) -> Outcome {
    let socket = check.udp_socket()?;
    let receiver = socket.local_addr().expect("a bound socket has an address");
    let mut network = check.datagrams("the network")?;
    for datagram in datagrams {
        network.send(datagram, receiver)?;
    }
    let name = format!("`receive(socket, {count}, …)`");
    let running = check.start(&name, move || exercise::receive(&socket, count, QUIET));
    let Got { call, value } = running.returns()?.ok()?;
    let texts: Vec<String> = (value.messages.iter())
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    let came = Got {
        call: format!("`messages` of {call}"),
        value: texts,
    };
    came.is(messages.to_vec())?;
    let absent = Got {
        call: format!("`missing` of {call}"),
        value: value.missing,
    };
    absent.is(missing.to_vec())
}

fn all(check: &Check) -> Outcome {
    let datagrams = [numbered(1, "one"), numbered(2, "two"), numbered(3, "three")];
    series(check, 3, &datagrams, &["one", "two", "three"], &[])
}

fn overtaken(check: &Check) -> Outcome {
    let datagrams = [
        numbered(2, "two"),
        numbered(4, "four"),
        numbered(1, "one"),
        numbered(3, "three"),
    ];
    series(check, 4, &datagrams, &["one", "two", "three", "four"], &[])
}

fn copies(check: &Check) -> Outcome {
    let datagrams = [
        numbered(1, "same"),
        numbered(2, "same"),
        numbered(1, "same"),
        numbered(3, "other"),
        numbered(2, "same"),
    ];
    series(check, 3, &datagrams, &["same", "same", "other"], &[])
}

fn lost(check: &Check) -> Outcome {
    let datagrams = [
        numbered(3, "three"),
        numbered(6, "six"),
        numbered(7, "seven"),
    ];
    series(
        check,
        7,
        &datagrams,
        &["three", "six", "seven"],
        &[1, 2, 4, 5],
    )
}

fn tail_lost(check: &Check) -> Outcome {
    series(
        check,
        4,
        &[numbered(1, "one"), numbered(2, "two")],
        &["one", "two"],
        &[3, 4],
    )?;
    series(check, 2, &[], &[], &[1, 2])
}

/// Between two datagrams it is quiet for less than the time given, in all for more than that.
fn slowly(check: &Check) -> Outcome {
    let quiet = 8 * QUIET;
    let socket = check.udp_socket()?;
    let receiver = socket.local_addr().expect("a bound socket has an address");
    let mut network = check.datagrams("the network")?;
    let running = check.start("`receive(socket, 5, 400 ms)`", move || {
        exercise::receive(&socket, 5, quiet)
    });
    let texts = ["one", "two", "three", "four", "five"];
    for (number, text) in (1..).zip(texts) {
        let begun = Instant::now();
        while number > 1 && begun.elapsed() < 3 * QUIET {
            network.nothing_yet()?;
        }
        network.send(numbered(number, text), receiver)?;
    }
    let Got { call, value } = running.returns()?.ok()?;
    let came = Got {
        call: format!("the number of `messages` of {call}"),
        value: value.messages.len(),
    };
    came.is(texts.len())
}

fn longest(check: &Check) -> Outcome {
    let text = "0123456789".repeat(100);
    series(check, 1, &[numbered(1, &text)], &[&text], &[])
}

fn foreign(check: &Check) -> Outcome {
    let datagrams = [
        numbered(1, "one"),
        numbered(0, "zero"),
        numbered(0x0100_0002, "far away"),
        numbered(0x0000_0102, "far away"),
        numbered(4, "four"),
        numbered(2, "two"),
        vec![0, 0],
        vec![],
        numbered(3, "three"),
    ];
    series(check, 3, &datagrams, &["one", "two", "three"], &[])
}

/// More messages than one octet can count. The socket has room for a few of them.
fn many(check: &Check) -> Outcome {
    let missing: Vec<u32> = (1..=255).collect();
    let datagrams = [numbered(257, "b"), numbered(256, "a"), numbered(258, "c")];
    series(check, 258, &datagrams, &["a", "b", "c"], &missing)
}

fn empty(check: &Check) -> Outcome {
    let datagrams = [numbered(1, "one"), numbered(2, ""), numbered(3, "three")];
    series(check, 3, &datagrams, &["one", "", "three"], &[])
}
