//! Checks of "Which family is this address?".

mod exercise;

use std::net::SocketAddr;

use exercise::Address;
use kit::{Check, Outcome};

fn main() -> std::process::ExitCode {
    kit::run(&[
        ("endpoints of IPv4 and IPv6", endpoints),
        ("paths, with a slash and without", paths),
        ("an abstract name", abstract_names),
        ("an `@` that is not in front is a letter", other_at_signs),
        ("one `@` is the mark, the next is a letter", two_at_signs),
        ("a path with a colon", colons),
        ("a space is a character like any other", spaces),
        ("what is nearly an endpoint, against std", nearly),
        ("the empty text", empty),
    ])
}

fn which(check: &Check, text: &'static str) -> Outcome<kit::Got<Option<Address>>> {
    check.call(format!("which_family({text:?})"), move || {
        exercise::which_family(text)
    })
}

fn endpoint(check: &Check, text: &'static str) -> Outcome {
    let expected = match text.parse() {
        Ok(SocketAddr::V4(endpoint)) => Address::V4(endpoint),
        Ok(SocketAddr::V6(endpoint)) => Address::V6(endpoint),
        Err(_) => Address::Path(text.into()),
    };
    which(check, text)?.is(Some(expected))
}

fn path(check: &Check, text: &'static str) -> Outcome {
    which(check, text)?.is(Some(Address::Path(text.into())))
}

fn endpoints(check: &Check) -> Outcome {
    endpoint(check, "127.0.0.1:80")?;
    endpoint(check, "[::1]:80")?;
    endpoint(check, "192.168.1.20:8080")?;
    endpoint(check, "[2001:db8::7]:443")
}

fn paths(check: &Check) -> Outcome {
    path(check, "/run/chat.sock")?;
    path(check, "./s.sock")?;
    path(check, "s.sock")?;
    path(check, "插座.sock")
}

fn abstract_names(check: &Check) -> Outcome {
    let name = |name: &str| Some(Address::Abstract(name.into()));
    which(check, "@chat")?.is(name("chat"))?;
    // A mark is a mark, whatever comes after it.
    which(check, "@127.0.0.1:80")?.is(name("127.0.0.1:80"))
}

fn other_at_signs(check: &Check) -> Outcome {
    path(check, "me@home")?;
    path(check, "./@chat")
}

fn two_at_signs(check: &Check) -> Outcome {
    which(check, "@@")?.is(Some(Address::Abstract("@".into())))
}

fn colons(check: &Check) -> Outcome {
    path(check, "12:30.sock")?;
    path(check, "/tmp/12:30")?;
    path(check, "./127.0.0.1:80")?;
    // Nobody is asked what address the name stands for.
    path(check, "localhost:80")
}

fn spaces(check: &Check) -> Outcome {
    path(check, "my chat.sock")?;
    path(check, " s.sock")?;
    path(check, "127.0.0.1:80 ")?;
    which(check, "@chat ")?.is(Some(Address::Abstract("chat ".into())))
}

/// Port 65536, an octet of 256, no port, no brackets: not endpoints, so paths.
fn nearly(check: &Check) -> Outcome {
    let texts = [
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65535",
        "127.0.0.1:65536",
        "256.0.0.1:80",
        "[::1]",
        "[::1]:65536",
        "[127.0.0.1]:80",
        ":80",
        "80",
    ];
    texts.into_iter().try_for_each(|text| endpoint(check, text))
}

fn empty(check: &Check) -> Outcome {
    which(check, "")?.is(None)
}
