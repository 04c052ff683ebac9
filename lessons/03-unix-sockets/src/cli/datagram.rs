//! `receive` and `send`.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use lesson_03_unix_sockets::address::{Address, check_path};
use lesson_03_unix_sockets::claim;
use lesson_03_unix_sockets::datagram::{self, Answered};
use lesson_03_unix_sockets::stop::Wait;
use lesson_03_unix_sockets::talk::why_not_connected;
use lesson_03_unix_sockets::text::{beginning, reason, shown};

use super::mode;
use super::out::{self, say};

/// How long a sender waits for an answer, or for room in the receiver's queue.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub struct Receive {
    /// The socket's file
    #[arg(long, value_name = "PATH")]
    path: PathBuf,
    /// Who may send, as for chmod
    #[arg(long, value_name = "MODE", default_value = "600", value_parser = mode)]
    mode: u32,
}

#[derive(Debug, Args)]
pub struct Send {
    /// The receiver's file
    #[arg(long, value_name = "PATH")]
    path: PathBuf,
    /// A path for this end, so that the receiver can answer
    #[arg(long, value_name = "PATH")]
    name: Option<PathBuf>,
    /// What to send: one datagram for each; an empty one ("") is a datagram too
    #[arg(required = true, value_name = "MESSAGE")]
    messages: Vec<String>,
}

pub fn receive(args: &Receive) -> anyhow::Result<()> {
    out::private_files();
    let stop = out::stop_on_signal()?;
    let (socket, claim) = claim::receive(&args.path, args.mode)?;
    if claim.replaced_a_stale_socket() {
        say!("{}: nobody answered, stale, replaced", args.path.display())?;
    }
    say!(
        "receiving at {} (mode {:04o})",
        args.path.display(),
        args.mode
    )?;
    datagram::receive(&socket, &stop, |datagram| {
        let from = match &datagram.sender {
            // The sender chose this name, so it is as little to be trusted as what it sent.
            Some(path) => shown(path.as_os_str().as_bytes()),
            None => String::from("a sender without a name"),
        };
        let octets = datagram.octets;
        say!("{} octets from {from}: {}", octets.len(), beginning(octets))?;
        match datagram.answered {
            Answered::Yes | Answered::NoName => Ok(()),
            Answered::Failed(error) => say!("the answer did not get through: {}", reason(&error)),
        }
    })?;
    Ok(())
}

pub fn send(args: &Send) -> anyhow::Result<()> {
    out::private_files();
    check_path(&args.path)?;
    let stop = out::stop_on_signal()?;
    // Held until the end of this function: then the file is removed.
    let (socket, claim) = match &args.name {
        Some(name) => {
            let (socket, claim) = claim::receive(name, 0o600)?;
            (socket, Some(claim))
        }
        None => (
            UnixDatagram::unbound().context("cannot make a socket")?,
            None,
        ),
    };
    socket.set_write_timeout(Some(PATIENCE))?;
    for message in &args.messages {
        socket
            .send_to(message.as_bytes(), &args.path)
            .map_err(|error| anyhow::anyhow!(why_not_sent(&args.path, &error)))?;
        say!(
            "sent {} octets: {}",
            message.len(),
            shown(message.as_bytes())
        )?;
        if claim.is_none() {
            continue;
        }
        match stop.wait(&socket, Some(PATIENCE))? {
            Wait::Ready => {
                let answer = datagram::receive_one(&socket, PATIENCE)?;
                say!("answer: {}", shown(&answer))?;
            }
            Wait::Stopped => return Ok(()),
            Wait::TimedOut => bail!("no answer in {} seconds", PATIENCE.as_secs()),
        }
    }
    Ok(())
}

fn why_not_sent(path: &Path, error: &io::Error) -> String {
    let start = format!("start the receiver first: {} receive --path", super::RUN);
    match error.kind() {
        io::ErrorKind::NotFound => {
            format!("there is no {}: {start} {}", path.display(), path.display())
        }
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => format!(
            "the receiver's queue stayed full for {} seconds: it does not read",
            PATIENCE.as_secs()
        ),
        _ if error.raw_os_error() == Some(rustix::io::Errno::PROTOTYPE.raw_os_error()) => format!(
            "{} is no datagram socket: to talk to a server, use the command client",
            path.display()
        ),
        _ if error.raw_os_error() == Some(rustix::io::Errno::MSGSIZE.raw_os_error()) => {
            String::from("the message is longer than the socket's send buffer: send less at once")
        }
        _ => why_not_connected(&Address::from(path), error),
    }
}
