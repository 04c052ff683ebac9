//! Checks of "Say what failed, and what to do".

mod exercise;

use std::io::{Error, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use kit::{Check, Got, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("a call that nobody answers", nobody_listens),
        ("a port that is taken", taken),
        ("an address of another machine", not_ours),
        (
            "a reserved port, and a server that does not answer",
            denied_or_late,
        ),
        (
            "errors in another language, and of another system",
            other_words,
        ),
        ("an error that nobody thought of: its words", unknown),
        (
            "an error that nobody thought of: the address",
            unknown_address,
        ),
        ("an IPv6 address", version_6),
    ])
}

/// What the task wants to be said, one for each kind of error.
const ADVICE: [&str; 5] = [
    "start the server",
    "another port",
    "not an address of this machine",
    "above 1023",
    "check the address",
];

/// The student's sentence must name the address, and say what to do.
fn says(check: &Check, sentence: Got<String>, address: SocketAddr, advice: &str) -> Outcome {
    let sentence = told(check, sentence);
    names(check, &sentence, address)?;
    advises(check, &sentence, advice)
}

fn told(check: &Check, sentence: Got<String>) -> String {
    let Got { call, value } = sentence;
    check.tell(&format!("got from {call} the sentence \"{value}\""));
    value
}

fn names(check: &Check, sentence: &str, address: SocketAddr) -> Outcome {
    if sentence.contains(&address.to_string()) {
        return Ok(());
    }
    check.fail(
        format!("the sentence \"{sentence}\" contains the address, {address}"),
        "no address",
    )
}

fn advises(check: &Check, sentence: &str, advice: &str) -> Outcome {
    let lower = sentence.to_lowercase();
    if lower.contains(advice) {
        return Ok(());
    }
    // What is said in its place tells one mistake from another.
    let instead = ADVICE.into_iter().find(|other| lower.contains(other));
    check.fail(
        format!("the sentence \"{sentence}\" contains \"{advice}\""),
        format!("said in place of \"{advice}\": {instead:?}"),
    )
}

fn explain(check: &Check, address: &str, error: Error) -> Outcome<(Got<String>, SocketAddr)> {
    let address: SocketAddr = address.parse().expect("the check knows addresses");
    let call = format!("explain({address}, {:?}: \"{error}\")", error.kind());
    let sentence = check.call(call, move || exercise::explain(address, &error))?;
    Ok((sentence, address))
}

fn explained(check: &Check, address: &str, error: Error, advice: &str) -> Outcome {
    let (sentence, address) = explain(check, address, error)?;
    says(check, sentence, address, advice)
}

fn nobody_listens(check: &Check) -> Outcome {
    // A connection's own port: nobody listens on it, and no other program gets it.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let server = listener.local_addr().expect("a listener has an address");
    let connection = TcpStream::connect(server).expect("a listening socket takes a call");
    let nobody = connection
        .local_addr()
        .expect("a connection has an address");

    let call = format!("call({nobody})");
    let result = check.call(call, move || exercise::call(nobody))?;
    says(check, result.err()?, nobody, "start the server")
}

fn taken(check: &Check) -> Outcome {
    let other = check.server("another server")?;
    let address = other.address();
    let call = format!("listen({address})");
    let result = check.call(call, move || exercise::listen(address))?;
    says(check, result.err()?, address, "another port")
}

fn not_ours(check: &Check) -> Outcome {
    // An address that RFC 5737 keeps for documentation: no machine has it.
    let address = SocketAddr::from(([192, 0, 2, 1], 0));
    let call = format!("listen({address})");
    let result = check.call(call, move || exercise::listen(address))?;
    says(
        check,
        result.err()?,
        address,
        "not an address of this machine",
    )
}

/// Whether these come depends on the machine and its networks: nobody can wait for them here.
fn denied_or_late(check: &Check) -> Outcome {
    let error = |number, kind: ErrorKind| {
        if cfg!(target_os = "linux") {
            Error::from_raw_os_error(number)
        } else {
            Error::from(kind)
        }
    };
    let denied = error(13, ErrorKind::PermissionDenied);
    explained(check, "127.0.0.1:80", denied, "above 1023")?;
    let late = error(110, ErrorKind::TimedOut);
    explained(check, "10.0.0.7:8080", late, "check the address")
}

fn other_words(check: &Check) -> Outcome {
    let errors = [
        (
            ErrorKind::ConnectionRefused,
            "Verbindungsaufbau abgelehnt",
            "start the server",
        ),
        (
            ErrorKind::AddrInUse,
            "Adresse déjà utilisée",
            "another port",
        ),
        (
            ErrorKind::PermissionDenied,
            "Permiso denegado",
            "above 1023",
        ),
        (ErrorKind::TimedOut, "连接超时", "check the address"),
    ];
    (errors.into_iter()).try_for_each(|(kind, words, advice)| {
        explained(check, "10.0.0.7:80", Error::new(kind, words), advice)
    })
}

fn unknown(check: &Check) -> Outcome {
    for words in ["the cable has a knot", "too many open files"] {
        let (sentence, _) = explain(check, "127.0.0.1:8080", Error::other(words))?;
        advises(check, &told(check, sentence), words)?;
    }
    Ok(())
}

fn unknown_address(check: &Check) -> Outcome {
    let error = Error::other("the cable has a knot");
    let (sentence, address) = explain(check, "127.0.0.1:8080", error)?;
    names(check, &told(check, sentence), address)
}

/// Only the address matters here.
fn version_6(check: &Check) -> Outcome {
    let error = Error::from(ErrorKind::ConnectionRefused);
    explained(check, "[::1]:8080", error, "")
}
