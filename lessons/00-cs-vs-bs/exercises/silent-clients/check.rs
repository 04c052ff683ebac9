//! Checks of "Silent clients".

mod exercise;

use std::net::SocketAddr;

use exercise::BUSY;
use kit::{Check, Failure, Kind, Outcome, Peer};

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("one client after the other is served", in_turn),
        ("a silent client makes nobody wait", silent),
        ("not everybody who comes is served", not_everybody),
        ("one more than there are places is refused", refused),
        ("who leaves frees a place", frees),
        ("who is thrown out frees a place", error_frees),
        ("who was refused has taken no place", refused_frees),
    ])
}

/// Starts the student's server, and returns where it listens.
fn start(check: &Check, most: usize) -> Outcome<SocketAddr> {
    let listener = check.listener()?;
    let address = listener.local_addr().expect("a listener has an address");
    check.start("your server", move || exercise::serve(&listener, most));
    Ok(address)
}

/// A client that has asked once, and been answered: so it has a place.
fn served(check: &Check, name: &str, address: SocketAddr) -> Outcome<Peer> {
    let mut client = check.connect(name, address)?;
    asks(name, &mut client)?;
    Ok(client)
}

fn asks(name: &str, client: &mut Peer) -> Outcome {
    client.send(REQUEST)?;
    // Up to the end of the line, whatever stands in it: a refusal may have come in its place.
    let line = client.read_until("\n")?;
    let line = String::from_utf8_lossy(&line);
    let expected = "HTTP/1.1 200 OK\r\n";
    if line != expected {
        let unmet = format!("{name} is served");
        return Err(Failure::values(unmet, &expected, &line));
    }
    client.expect("Content-Length: 6\r\n\r\nhello\n")
}

/// The client must be sent away. It says nothing: what it had sent, and nobody had read, could cost it
/// the answer.
fn sent_away(check: &Check, name: &str, address: SocketAddr) -> Outcome {
    let mut client = check.connect(name, address)?;
    if let Err(mut failure) = client.expect(BUSY) {
        if failure.kind == Kind::Deadline {
            // What is it told once it speaks? That tells two mistakes apart.
            check.tell(&format!("lets {name} speak, after it has waited in vain"));
            client.send(REQUEST)?;
            let line = client.read_until("\n")?;
            failure.detail = format!("waits, and is told {}", line.escape_ascii());
        }
        return Err(failure);
    }
    client.expect_end()?;
    client.until_read()
}

/// The client closes its direction, and the server's thread is done with it.
fn leaves(mut client: Peer) -> Outcome {
    client.finish()?;
    client.expect_end()?;
    client.until_read()
}

/// At the end of a check: the next one starts a server with all its places free, even if somebody counts
/// in a `static`.
fn all_leave<const N: usize>(clients: [Peer; N]) -> Outcome {
    clients.into_iter().try_for_each(leaves)
}

fn in_turn(check: &Check) -> Outcome {
    let address = start(check, 5)?;
    for name in ["client A", "client B", "client C"] {
        leaves(served(check, name, address)?)?;
    }
    Ok(())
}

fn silent(check: &Check) -> Outcome {
    let address = start(check, 5)?;
    let mut first = check.connect("the silent client", address)?;
    let mut second = check.connect("the hesitant client", address)?;
    second.send("GET / HT")?;
    let mut third = served(check, "the third client", address)?;
    asks("the silent client", &mut first)?;
    second.send("TP/1.1\r\n\r\n")?;
    second.expect("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")?;
    asks("the third client", &mut third)?;
    all_leave([first, second, third])
}

fn not_everybody(check: &Check) -> Outcome {
    let address = start(check, 2)?;
    let one = served(check, "client A", address)?;
    let two = served(check, "client B", address)?;
    let waiting = ["client C", "client D", "client E"].map(|name| check.connect(name, address));
    sent_away(check, "client F", address)?;
    drop(waiting);
    all_leave([one, two])
}

fn refused(check: &Check) -> Outcome {
    let address = start(check, 2)?;
    let mut one = served(check, "client A", address)?;
    let mut two = served(check, "client B", address)?;
    sent_away(check, "client C", address)?;
    asks("client A", &mut one)?;
    asks("client B", &mut two)?;
    all_leave([one, two])
}

fn frees(check: &Check) -> Outcome {
    let address = start(check, 2)?;
    let one = served(check, "client A", address)?;
    let two = served(check, "client B", address)?;
    leaves(one)?;
    let three = served(check, "client C", address)?;
    leaves(three)?;
    let four = served(check, "client D", address)?;
    sent_away(check, "client E", address)?;
    all_leave([two, four])
}

fn error_frees(check: &Check) -> Outcome {
    let address = start(check, 1)?;
    for name in ["client A", "client B"] {
        let mut rude = served(check, name, address)?;
        rude.send("REMOVE all my files\n")?;
        rude.expect_end()?;
        rude.until_read()?;
    }
    let polite = served(check, "client C", address)?;
    sent_away(check, "client D", address)?;
    leaves(polite)
}

fn refused_frees(check: &Check) -> Outcome {
    let address = start(check, 1)?;
    let one = served(check, "client A", address)?;
    sent_away(check, "client B", address)?;
    sent_away(check, "client C", address)?;
    leaves(one)?;
    let four = served(check, "client D", address)?;
    sent_away(check, "client E", address)?;
    leaves(four)
}
