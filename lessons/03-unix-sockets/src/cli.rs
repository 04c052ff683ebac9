//! The command line: what there is to try, and where each part is.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use lesson_03_unix_sockets::address::Address;
use lesson_03_unix_sockets::text::reason;

mod apart;
mod datagram;
mod out;
mod permissions;
mod tables;
mod talk;
mod tour;

/// How the commands of this lesson begin in a terminal.
const RUN: &str = "cargo run -q -p lesson-03-unix-sockets --";

const EXAMPLES: &str = "\
Examples, in two terminals:
  server --path s.sock                   then:  client --path s.sock
  receive --path d.sock                  then:  send --path d.sock one two three
  pass-fd --path p.sock notes.txt        then:  take-fd --path p.sock
In one terminal:
  pair            a parent and its child
  kinds           stream, datagram and seqpacket side by side
  permissions     another user is refused
  compare         round trip and throughput beside TCP
Without a command: the lesson's point in a few seconds.
Put `cargo run -q -p lesson-03-unix-sockets --` before each.";

/// AF_UNIX: sockets whose address is a path.
///
/// Two processes on one machine talk as over TCP, but the address is a name in the file system.
/// So the file's mode says who may call, and the kernel says who is calling.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer every line in capitals, and say who is calling
    Server(talk::Server),
    /// Talk to the server: give the lines as arguments, or type them
    Client(talk::Client),
    /// Receive datagrams at a path, and answer those whose sender has a name
    Receive(datagram::Receive),
    /// Send datagrams to a path, one for each message
    Send(datagram::Send),
    /// Say what stands at a path: nothing, a live socket, a stale one, another kind of file
    Look {
        /// The path to look at; nothing there is changed
        #[arg(long, value_name = "PATH")]
        path: PathBuf,
    },
    /// A parent talks to its child over a socketpair: no name, no file
    Pair,
    /// (what `pair` starts) Number the lines of standard input
    #[command(hide = true)]
    Child,
    /// Show that the file's mode decides who may connect
    Permissions,
    /// Hand an open file to another process
    PassFd(apart::PassFd),
    /// Take an open file from another process, and read it
    TakeFd(apart::TakeFd),
    /// Stream, datagram and seqpacket side by side: boundaries, and a reader that does not read
    Kinds,
    /// Measure round trip and throughput beside TCP on loopback
    Compare(tables::Compare),
}

/// Where a server is.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Where {
    /// The socket's file
    #[arg(long, value_name = "PATH")]
    path: Option<PathBuf>,
    /// A name in Linux's abstract namespace, without a file; a server may leave NAME out, then the
    /// kernel chooses one
    #[arg(long = "abstract", value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    name: Option<String>,
}

impl Where {
    fn address(&self) -> Address {
        match (&self.path, &self.name) {
            (Some(path), _) => Address::Path(path.clone()),
            (None, name) => {
                let name = name.clone().unwrap_or_default();
                // "@name" is how ss, socat and our own server write it.
                let name = name.strip_prefix('@').unwrap_or(&name);
                Address::Abstract(name.as_bytes().to_vec())
            }
        }
    }
}

/// A file mode as it is written for chmod: up to three octal digits.
fn mode(text: &str) -> Result<u32, String> {
    match u32::from_str_radix(text, 8) {
        Ok(mode) if mode <= 0o777 => Ok(mode),
        _ => Err(String::from(
            "a mode is three octal digits, for example 600",
        )),
    }
}

/// Run the program; errors become one line on standard error.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if is_closed_output(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Not eprintln!, which panics if the terminal has gone.
            let _ = writeln!(io::stderr(), "error: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// What happened, and why, in one line. Of the system's errors the words, without the numbers.
fn sentence(error: &anyhow::Error) -> String {
    let causes: Vec<_> = error
        .chain()
        .map(|cause| match cause.downcast_ref::<io::Error>() {
            Some(error) => reason(error),
            None => cause.to_string(),
        })
        .collect();
    causes.join(": ")
}

/// Whoever read our output has gone (`| head -1`): no reason to complain.
fn is_closed_output(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
        .is_some_and(|inner| inner.downcast_ref::<out::Closed>().is_some())
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        None => tour::run(),
        Some(Command::Server(server)) => talk::server(&server),
        Some(Command::Client(client)) => talk::client(&client),
        Some(Command::Receive(receive)) => datagram::receive(&receive),
        Some(Command::Send(send)) => datagram::send(&send),
        Some(Command::Look { path }) => apart::look(&path),
        Some(Command::Pair) => apart::pair(),
        Some(Command::Child) => apart::child(),
        Some(Command::Permissions) => permissions::run(),
        Some(Command::PassFd(pass)) => apart::pass_fd(&pass),
        Some(Command::TakeFd(take)) => apart::take_fd(&take),
        Some(Command::Kinds) => tables::kinds(),
        Some(Command::Compare(compare)) => tables::compare(&compare),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_abstract_name_may_be_written_with_its_at_sign() {
        let place = |name: &str| {
            let name = Some(String::from(name));
            Where { path: None, name }.address()
        };
        assert_eq!(place("@x"), place("x"));
        assert_eq!(place("x"), Address::Abstract(b"x".to_vec()));
    }

    #[test]
    fn an_error_is_one_line_without_numbers() {
        let error = anyhow::Error::from(io::Error::from_raw_os_error(2)).context("cannot read x");
        assert_eq!(sentence(&error), "cannot read x: no such file or directory");
    }

    #[test]
    fn modes_are_octal() {
        assert_eq!(mode("600"), Ok(0o600));
        assert!(mode("800").is_err());
        assert!(mode("7777").is_err());
    }
}
