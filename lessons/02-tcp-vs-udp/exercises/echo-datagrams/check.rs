//! Checks of "Send each datagram back".

mod exercise;

use std::net::SocketAddr;

use kit::{Check, Outcome};

/// What a UDP socket can send at once: macOS refuses more than 9,216 octets unless it is asked.
const LARGEST: usize = if cfg!(target_vendor = "apple") {
    9_216
} else {
    65_507
};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("each datagram comes back", each),
        ("what comes back is unchanged, text or not", unchanged),
        ("each client gets its own", two_clients),
        ("an empty datagram comes back", empty),
        ("large datagrams come back whole", large),
    ])
}

fn start(check: &Check) -> Outcome<SocketAddr> {
    let socket = check.udp_socket()?;
    let address = socket.local_addr().expect("a bound socket has an address");
    check.start("your server", move || exercise::echo(&socket));
    Ok(address)
}

fn each(check: &Check) -> Outcome {
    let server = start(check)?;
    let mut client = check.datagrams("the client")?;
    for text in ["a long first datagram", "short", "last"] {
        client.send(text, server)?;
        client.expect(text)?;
    }
    Ok(())
}

/// These are no text, or not the text that they seem to be.
fn unchanged(check: &Check) -> Outcome {
    let server = start(check)?;
    let mut client = check.datagrams("the client")?;
    for octets in [&b"a line\n"[..], b" \r\n", b"\0a\0", b"\x89PNG\xff"] {
        client.send(octets, server)?;
        client.expect(octets)?;
    }
    Ok(())
}

fn two_clients(check: &Check) -> Outcome {
    let server = start(check)?;
    let mut one = check.datagrams("client A")?;
    let mut other = check.datagrams("client B")?;
    one.send("I am A", server)?;
    one.expect("I am A")?;
    other.send("I am B", server)?;
    other.expect("I am B")?;
    one.send("still A", server)?;
    one.expect("still A").map(drop)
}

fn empty(check: &Check) -> Outcome {
    let server = start(check)?;
    let mut client = check.datagrams("the client")?;
    client.send("", server)?;
    client.expect("")?;
    client.send("after it", server)?;
    client.expect("after it").map(drop)
}

fn large(check: &Check) -> Outcome {
    let server = start(check)?;
    let mut client = check.datagrams("the client")?;
    for size in [1_400, 8_000, LARGEST] {
        let sent = b"0123456789".repeat(size.div_ceil(10));
        client.send(&sent[..size], server)?;
        let (got, _) = client.receive()?;
        if got != sent[..size] {
            let count = got.len();
            let unmet = format!("all {size} octets come back; {count} came");
            return check.fail(unmet, "cut");
        }
    }
    Ok(())
}
