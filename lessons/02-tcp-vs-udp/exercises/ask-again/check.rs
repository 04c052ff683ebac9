//! Checks of "Ask, wait, ask again, give up".

mod exercise;

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use kit::net::UdpSocket;
use kit::{Check, Datagrams, Got, Outcome, Running};

/// When an answer comes at once, nobody waits so long.
const LONG: Duration = Duration::from_secs(3);

/// Between two wrong datagrams: much shorter than a wait.
const OFTEN: Duration = Duration::from_millis(20);

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("the answer comes back", answered),
        ("nobody answers: the client gives up", silence),
        ("a lost question is asked again", lost),
        ("only the server's answer counts", stranger),
        ("only the answer to this question counts", late),
        ("wrong datagrams do not keep the client waiting", flood),
    ])
}

fn numbered(number: u32, text: &str) -> Vec<u8> {
    [&number.to_be_bytes(), text.as_bytes()].concat()
}

/// The student's client while it asks one question.
struct Asking {
    running: Running<io::Result<Vec<u8>>>,
    /// Nothing is sent here: the other end is gone when the client has ended.
    ended: Receiver<()>,
    begun: Instant,
    least: Duration,
}

fn ask(
    check: &Check,
    socket: &Arc<UdpSocket>,
    server: SocketAddr,
    question: (u32, &'static str),
    (tries, wait): (u32, Duration),
) -> Asking {
    let (runs, ended) = channel();
    let socket = Arc::clone(socket);
    let begun = Instant::now();
    let running = check.start("your client", move || {
        let _runs = runs;
        let (number, text) = question;
        exercise::ask(&socket, server, number, text.as_bytes(), tries, wait)
    });
    Asking {
        running,
        ended,
        begun,
        least: tries * wait,
    }
}

impl Asking {
    fn has_ended(&self, limit: Duration) -> bool {
        self.ended.recv_timeout(limit) == Err(RecvTimeoutError::Disconnected)
    }

    fn returns(self, text: &str) -> Outcome {
        self.running.returns()?.ok()?.octets(text)
    }

    fn gives_up(self, check: &Check) -> Outcome {
        let Got { call, value } = self.running.returns()?.err()?;
        let value = value.kind();
        Got { call, value }.is(ErrorKind::TimedOut)?;
        // A clock may be a little ahead of another one.
        if self.begun.elapsed() >= self.least * 9 / 10 {
            return Ok(());
        }
        let unmet = format!("your client waits {} ms before", self.least.as_millis());
        check.fail(unmet, "too early")
    }
}

fn client_and_server(check: &Check) -> Outcome<(Arc<UdpSocket>, Datagrams)> {
    Ok((
        Arc::new(check.udp_socket()?),
        check.datagrams("the server")?,
    ))
}

fn answered(check: &Check) -> Outcome {
    let (socket, mut server) = client_and_server(check)?;
    let asking = ask(check, &socket, server.address(), (7, "6 * 7"), (3, LONG));
    let client = server.expect(numbered(7, "6 * 7"))?;
    server.send(numbered(7, "42"), client)?;
    asking.returns("42")
}

fn silence(check: &Check) -> Outcome {
    let patience = Duration::from_millis(60);
    for tries in [1, 3] {
        let (socket, mut server) = client_and_server(check)?;
        let address = server.address();
        let asking = ask(check, &socket, address, (1, "hello?"), (tries, patience));
        for _ in 0..tries {
            server.expect(numbered(1, "hello?"))?;
        }
        // No question more, as long as the client runs. If it hangs, `gives_up` finds it out.
        for _ in 0..20 {
            server.nothing_yet()?;
            if asking.has_ended(Duration::ZERO) {
                break;
            }
        }
        asking.gives_up(check)?;
        server.nothing_yet()?;
    }
    Ok(())
}

fn lost(check: &Check) -> Outcome {
    let (socket, mut server) = client_and_server(check)?;
    // More tries than it takes: a busy machine may answer late.
    let patience = (20, Duration::from_millis(60));
    let asking = ask(check, &socket, server.address(), (9, "lost?"), patience);
    server.expect(numbered(9, "lost?"))?;
    check.tell("lets this question get lost");
    let client = server.expect(numbered(9, "lost?"))?;
    server.send(numbered(9, "found"), client)?;
    asking.returns("found")
}

fn stranger(check: &Check) -> Outcome {
    let (socket, mut server) = client_and_server(check)?;
    let mut stranger = check.datagrams("a stranger")?;
    let asking = ask(check, &socket, server.address(), (5, "who?"), (3, LONG));
    let client = server.expect(numbered(5, "who?"))?;
    stranger.send(numbered(5, "me!"), client)?;
    // Too short to have a number, while a buffer still holds the one that the stranger has sent.
    server.send([0, 0], client)?;
    server.send(numbered(5, "the server"), client)?;
    asking.returns("the server")?;
    // Asked once: the stranger was no reason to ask again.
    server.nothing_yet()
}

fn late(check: &Check) -> Outcome {
    let (socket, mut server) = client_and_server(check)?;
    let asking = ask(check, &socket, server.address(), (1, "first?"), (3, LONG));
    let client = server.expect(numbered(1, "first?"))?;
    server.send(numbered(1, "one"), client)?;
    server.send(numbered(1, "one"), client)?;
    asking.returns("one")?;
    let asking = ask(check, &socket, server.address(), (2, "second?"), (3, LONG));
    let client = server.expect(numbered(2, "second?"))?;
    server.send([], client)?;
    server.send([0, 0], client)?;
    server.send(numbered(2, "two"), client)?;
    asking.returns("two")?;
    server.nothing_yet()
}

fn flood(check: &Check) -> Outcome {
    let (socket, mut server) = client_and_server(check)?;
    let patience = (2, Duration::from_millis(100));
    let asking = ask(check, &socket, server.address(), (2, "now?"), patience);
    let client = server.expect(numbered(2, "now?"))?;
    // Six times as long as it may take, and counted in rounds: a busy machine slows down both sides.
    for _ in 0..60 {
        if asking.has_ended(OFTEN) {
            return asking.gives_up(check);
        }
        server.send(numbered(1, "an old answer"), client)?;
    }
    let unmet = "your client gives up after 2 waits of 100 ms; after 1.2 s it still waits";
    check.fail(unmet, "no end")
}
