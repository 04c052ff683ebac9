//! Checks of "A silent caller".

mod exercise;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kit::net::TcpListener;
use kit::{Check, Outcome, Peer, Running};

type Server = Running<std::io::Result<()>>;

/// For callers who speak: it never runs out.
const LONG: Duration = Duration::from_secs(60);

/// For callers who do not. Those who speak in such a check have spoken before the server begins.
const SHORT: Duration = Duration::from_millis(150);

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a caller who speaks is answered", speaks),
        ("a first line may come in two pieces, and not alone", pieces),
        ("a caller leaves without a word: the next one", leaves),
        ("who has spoken may think as long as it likes", thinks),
        (
            "a silent caller is hung up on, and the next one served",
            silent,
        ),
        ("an octet now and then does not stop the clock", drips),
    ])
}

/// The listening socket stays open whatever the server does: a caller in the backlog is not reset.
fn listen(check: &Check) -> Outcome<(TcpListener, SocketAddr)> {
    let listener = check.listener()?;
    let address = listener.local_addr().expect("a listener has an address");
    Ok((listener, address))
}

fn start(check: &Check, listener: &TcpListener, patience: Duration) -> Server {
    let listener = listener.try_clone().expect("a listener can be cloned");
    check.tell(&format!(
        "starts your server with a patience of {patience:?}"
    ));
    check.start("your server", move || exercise::serve(&listener, patience))
}

fn ends(server: Server, mut client: Peer) -> Outcome {
    client.finish()?;
    server.returns()?.ok()?;
    client.expect_end()
}

fn speaks(check: &Check) -> Outcome {
    let (listener, address) = listen(check)?;
    let server = start(check, &listener, LONG);
    let mut client = check.connect("the client", address)?;
    client.send("hello\n")?;
    client.expect("HELLO\n")?;
    client.send("again\n")?;
    client.expect("AGAIN\n")?;
    ends(server, client)
}

fn pieces(check: &Check) -> Outcome {
    let (listener, address) = listen(check)?;
    let server = start(check, &listener, LONG);
    let mut client = check.connect("the client", address)?;
    client.send("hel")?;
    client.until_read()?;
    client.nothing_yet()?;
    client.send("lo\nagain\n")?;
    client.expect("HELLO\nAGAIN\n")?;
    ends(server, client)
}

fn leaves(check: &Check) -> Outcome {
    let (listener, address) = listen(check)?;
    let server = start(check, &listener, LONG);
    check.connect("a shy caller", address)?.close();
    let mut client = check.connect("the client", address)?;
    client.send("hello\n")?;
    client.expect("HELLO\n")?;
    ends(server, client)
}

fn thinks(check: &Check) -> Outcome {
    let (listener, address) = listen(check)?;
    let mut client = check.connect("the client", address)?;
    client.send("hello\n")?;
    let server = start(check, &listener, SHORT);
    client.expect("HELLO\n")?;
    check.tell("lets more than that time go by");
    let begun = Instant::now();
    while begun.elapsed() < SHORT + Duration::from_millis(250) {
        // It waits a moment for something to come.
        if client.nothing_yet().is_err() {
            let unmet = "the connection stays open: the client has said its first line in time";
            return check.fail(unmet, "hung up");
        }
    }
    client.send("well\n")?;
    client.expect("WELL\n")?;
    ends(server, client)
}

fn silent(check: &Check) -> Outcome {
    let (listener, address) = listen(check)?;
    let mut silent = check.connect("a silent caller", address)?;
    let mut client = check.connect("the client", address)?;
    client.send("hello\n")?;
    let server = start(check, &listener, SHORT);
    silent.expect_end()?;
    client.expect("HELLO\n")?;
    ends(server, client)
}

fn drips(check: &Check) -> Outcome {
    let (listener, address) = listen(check)?;
    let mut slow = check.connect("a slow caller", address)?;
    let mut client = check.connect("the client", address)?;
    client.send("hello\n")?;
    let server = start(check, &listener, SHORT);
    let begun = Instant::now();
    // Until the server hangs up: then a send fails, or something has come, the end of the stream.
    while slow.send("x").is_ok() && slow.nothing_yet().is_ok() {
        if begun.elapsed() > SHORT * 8 {
            let unmet = format!("a caller without a whole line is hung up on after {SHORT:?}");
            return check.fail(unmet, "still connected");
        }
    }
    client.expect("HELLO\n")?;
    ends(server, client)
}
