//! Without a command: the first terminal becomes the server, the second the client.

use super::args::Options;
use super::{answer, call, say};
use anyhow::bail;
use lesson_04_tcp_chat::DEFAULT_PORT;
use lesson_04_tcp_chat::endpoint::{self, EndpointError};
use lesson_04_tcp_chat::nameplate::{Neighbour, reachable, who_listens};
use std::net::SocketAddr;

/// Tries to be the server. Where our own server listens already, calls it instead.
pub fn either(options: &Options) -> anyhow::Result<()> {
    let at = options.endpoint.address();
    let bound = if options.naive {
        endpoint::listen_naive(at)
    } else {
        endpoint::listen(at)
    };
    match bound {
        Ok(listener) => {
            let at = listener.local_addr()?;
            say(format_args!(
                "nobody was there: this terminal is the server"
            ))?;
            say(format_args!("listening on {at}"))?;
            say(format_args!("now run this in a second terminal:"))?;
            say(format_args!("  {}", same_command(at)))?;
            answer(&listener, options)?;
        }
        Err(EndpointError::Taken(at)) => match who_listens(at) {
            Neighbour::Waiting => {
                say(format_args!(
                    "the server is there: this terminal is the client"
                ))?;
                call(reachable(at), options)?;
            }
            Neighbour::Talking => bail!(
                "the server on {at} is talking with somebody already: start another pair: \
                     `cargo run -q -p lesson-04-tcp-chat -- --port 0`"
            ),
            Neighbour::Stranger => bail!(
                "{at} is taken by a program that is not this lesson's server: let the \
                     system choose a port: `cargo run -q -p lesson-04-tcp-chat -- --port 0`"
            ),
        },
        Err(error) => return Err(error.into()),
    }
    say(format_args!(
        "next, a peer that breaks the rules. In two terminals:"
    ))?;
    say(format_args!(
        "  cargo run -q -p lesson-04-tcp-chat -- server"
    ))?;
    say(format_args!(
        "  cargo run -q -p lesson-04-tcp-chat -- mischief cut-character"
    ))?;
    Ok(())
}

/// The command that makes a second terminal meet this one, without the options that are not needed.
fn same_command(at: SocketAddr) -> String {
    let mut command = String::from("cargo run -q -p lesson-04-tcp-chat");
    let address = endpoint::addr_option(at.ip());
    let port = (at.port() != DEFAULT_PORT).then(|| format!(" --port {}", at.port()));
    if !address.is_empty() || port.is_some() {
        command += " --";
    }
    command + &address + &port.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::same_command;

    #[test]
    fn only_what_differs_is_named() {
        for (at, command) in [
            ("127.0.0.1:8080", "cargo run -q -p lesson-04-tcp-chat"),
            (
                "127.0.0.1:81",
                "cargo run -q -p lesson-04-tcp-chat -- --port 81",
            ),
            (
                "[::1]:81",
                "cargo run -q -p lesson-04-tcp-chat -- --addr ::1 --port 81",
            ),
        ] {
            assert_eq!(same_command(at.parse().unwrap()), command);
        }
    }
}
