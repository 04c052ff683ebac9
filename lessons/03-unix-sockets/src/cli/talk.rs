//! `server` and `client`.

use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use lesson_03_unix_sockets::address::Address;
use lesson_03_unix_sockets::claim::{self, Claim};
use lesson_03_unix_sockets::socket;
use lesson_03_unix_sockets::talk::{
    Event, LONGEST_LINE, Talk, read_line, serve, why_not_connected,
};
use lesson_03_unix_sockets::text::{beginning, reason, shown};

use super::out::{self, say};
use super::{Where, mode};

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub struct Server {
    #[command(flatten)]
    place: Where,
    /// Who may connect, as for chmod: 600 only you, 660 also your group, 666 everybody
    #[arg(long, value_name = "MODE", default_value = "600", value_parser = mode)]
    mode: u32,
    /// Remove a socket file without asking whether its server is alive (the fault of many servers,
    /// here to be seen)
    #[arg(long, requires = "path")]
    unlink_first: bool,
}

#[derive(Debug, Args)]
pub struct Client {
    #[command(flatten)]
    place: Where,
    /// Give up root's rights first, and be user 65534; nothing changes for other users
    #[arg(long)]
    unprivileged: bool,
    /// Lines to send, one after the other; without any, you type them
    #[arg(value_name = "LINE")]
    lines: Vec<String>,
}

pub fn server(args: &Server) -> anyhow::Result<()> {
    out::private_files();
    let stop = out::stop_on_signal()?;
    let address = args.place.address();
    // Held until the end of this function: then the file is removed.
    let (listener, _claim) = match &address {
        Address::Path(path) => {
            let (listener, claim) = if args.unlink_first {
                claim::listen_unlink_first(path, args.mode)?
            } else {
                claim::listen(path, args.mode)?
            };
            announce(path, &claim, args.mode)?;
            (listener, Some(claim))
        }
        Address::Abstract(_) => {
            let listener = socket::listen(&address, args.mode).map_err(|error| {
                if error.kind() == io::ErrorKind::AddrInUse {
                    anyhow::anyhow!("somebody has the abstract name {address}: choose another")
                } else {
                    anyhow::anyhow!("cannot listen at {address}: {}", reason(&error))
                }
            })?;
            let name = socket::abstract_name(&listener).unwrap_or_default();
            say!(
                "listening on {} (no file, no mode)",
                Address::Abstract(name)
            )?;
            (listener, None)
        }
    };
    serve(&listener, &stop, &|event| match event {
        Event::Called(number, caller) => say!("caller {number}: {caller}"),
        Event::Said(number, line) => say!("caller {number}: {}", beginning(line)),
        Event::Gone(number) => say!("caller {number} has gone"),
        Event::Lost(number, error) => say!("caller {number} is lost: {}", reason(error)),
        Event::Refused(error) => say!("a caller could not be accepted: {}", reason(error)),
    })?;
    Ok(())
}

fn announce(path: &Path, claim: &Claim, mode: u32) -> io::Result<()> {
    if claim.replaced_a_stale_socket() {
        say!("{}: nobody answered, stale, replaced", path.display())?;
    }
    say!("listening on {} (mode {mode:04o})", path.display())
}

pub fn client(args: &Client) -> anyhow::Result<()> {
    let address = args.place.address();
    if address == Address::Abstract(Vec::new()) {
        bail!("which abstract name? the server prints it: --abstract NAME");
    }
    if args.unprivileged && rustix::process::geteuid().is_root() {
        return super::permissions::run_as_nobody(&address, &args.lines);
    }
    let stream = socket::connect(&address)
        .map_err(|error| anyhow::anyhow!(why_not_connected(&address, &error)))?;
    let mut talk = Talk::new(stream, PATIENCE)?;
    say!("this is process {}", std::process::id())?;
    say!("the server is {}", talk.server()?)?;
    for line in &args.lines {
        say!("> {}", shown(line.as_bytes()))?;
        exchange(&mut talk, line.as_bytes())?;
    }
    if args.lines.is_empty() {
        typed(&mut talk)?;
    }
    Ok(())
}

fn typed(talk: &mut Talk) -> anyhow::Result<()> {
    let terminal = io::stdin().is_terminal();
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    loop {
        if terminal {
            out::write(format_args!(">>> "))?;
        }
        if !read_line(&mut input, &mut line).context("cannot read your line")? {
            if terminal {
                say!("")?;
            }
            return Ok(());
        }
        exchange(talk, &line)?;
    }
}

/// Send one line and show the answer.
fn exchange(talk: &mut Talk, line: &[u8]) -> anyhow::Result<()> {
    // A line end inside would be two lines, and two answers.
    if line.contains(&b'\n') || line.len() > LONGEST_LINE {
        bail!("one line at a time, of {LONGEST_LINE} octets at most");
    }
    match talk.ask(line) {
        Ok(Some(answer)) => Ok(say!("{}", shown(&answer))?),
        Ok(None) => bail!("the server has closed the connection: start it again"),
        Err(error) => match error.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => {
                bail!("the server has gone: start it again")
            }
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                bail!(
                    "no answer in {} seconds: is the server stopped?",
                    PATIENCE.as_secs()
                )
            }
            _ => bail!("the talk has ended: {}", reason(&error)),
        },
    }
}

/// The size and the mode of a file, as `stat` knows them.
pub fn size_of(path: &Path) -> io::Result<u64> {
    fs::symlink_metadata(path).map(|meta| meta.len())
}
