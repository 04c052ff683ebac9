//! The command line.

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use lesson_04_tcp_chat::{DEFAULT_PORT, mischief::Mischief};
use std::net::{IpAddr, SocketAddr};

const EXAMPLES: &str = "\
Two terminals, the same command in both: the first becomes the server, the second the client.
  cargo run -q -p lesson-04-tcp-chat

The same, said in full:
  cargo run -q -p lesson-04-tcp-chat -- server --port 8080
  cargo run -q -p lesson-04-tcp-chat -- client --port 8080

See what the usual first program gets wrong (start `server --naive` first):
  cargo run -q -p lesson-04-tcp-chat -- mischief cut-character

Exit codes: 0 done, 1 the conversation failed, 2 the command line is wrong.";

/// A chat pair over TCP: server and client take turns, and bye ends it.
///
/// What crosses the wire is UTF-8 text and nothing else: no length, no newline. One turn is one
/// send. The client speaks first; `bye` ends the conversation.
///
/// Without a command this terminal becomes the server, or the client if the server runs already.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub pair: Options,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Wait for one caller, talk with it, end.
    Server(Options),
    /// Call a server and speak first.
    Client(Options),
    /// Call a server and break the rules, to see what it does.
    Mischief(MischiefArgs),
}

#[derive(Debug, Clone, clap::Args)]
pub struct Endpoint {
    /// Address to listen on or to call, IPv4 or IPv6.
    ///
    /// A server on 127.0.0.1 or ::1 is reached from this machine only; on 0.0.0.0 or :: from every
    /// network that the machine is on.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = address)]
    pub addr: IpAddr,
    /// Port to listen on or to call. A server with port 0 lets the system choose.
    #[arg(long, default_value_t = DEFAULT_PORT)]
    pub port: u16,
}

impl Endpoint {
    /// Address and port together.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.addr, self.port)
    }

    /// The same, for somebody who calls. Ends the program if nobody can be called there.
    pub fn destination(&self) -> SocketAddr {
        if self.port == 0 {
            wrong("port 0 cannot be called: give the port that the server printed");
        }
        if self.addr.is_unspecified() {
            wrong(&format!(
                "{} cannot be called: to a server it means \"every interface\"; \
                 call 127.0.0.1 (or ::1) on the same machine",
                self.addr
            ));
        }
        self.address()
    }
}

#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    #[command(flatten)]
    pub endpoint: Endpoint,
    /// Behave as the usual first program does, faults and all.
    #[arg(long, conflicts_with_all = ["talk_anytime", "show_at_most", "memory"])]
    pub naive: bool,
    /// Type when you like, without waiting for your turn.
    #[arg(long)]
    pub talk_anytime: bool,
    /// Show at most this many octets of one turn, and count the rest.
    #[arg(long, default_value_t = 1 << 20, value_name = "OCTETS")]
    pub show_at_most: u64,
    /// At the end, say how much memory the program has held (Linux).
    #[arg(long)]
    pub memory: bool,
}

#[derive(Debug, clap::Args)]
pub struct MischiefArgs {
    /// What to do.
    #[arg(value_enum)]
    pub kind: Kind,
    #[command(flatten)]
    pub endpoint: Endpoint,
    /// How much `flood` sends.
    #[arg(long, default_value_t = 100_000_000)]
    pub octets: u64,
}

impl MischiefArgs {
    /// The library's word for it.
    pub fn mischief(&self) -> Mischief {
        match self.kind {
            Kind::Vanish => Mischief::Vanish,
            Kind::Reset => Mischief::Reset,
            Kind::TwoAtOnce => Mischief::TwoAtOnce,
            Kind::CutCharacter => Mischief::CutCharacter,
            Kind::InvalidUtf8 => Mischief::InvalidUtf8,
            Kind::Escape => Mischief::Escape,
            Kind::Flood => Mischief::Flood(self.octets),
            Kind::Silent => Mischief::Silent,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    /// Close the connection without `bye`.
    Vanish,
    /// Reset the connection.
    Reset,
    /// Send two messages without waiting, so that one read returns both.
    TwoAtOnce,
    /// Send the two octets of an `é` one by one.
    CutCharacter,
    /// Send text that is not UTF-8.
    #[value(name = "invalid-utf8")]
    InvalidUtf8,
    /// Send control sequences that rewrite the screen.
    Escape,
    /// Send 100 MB without a newline.
    Flood,
    /// Connect and say nothing.
    Silent,
}

fn address(text: &str) -> Result<IpAddr, String> {
    let inner = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let address: IpAddr = inner.parse().map_err(|_| {
        "an IP address is wanted, such as 127.0.0.1 (IPv4) or ::1 (IPv6); \
         names such as localhost are not looked up, and the port goes to --port"
            .to_owned()
    })?;
    if address.is_multicast() {
        return Err(
            "a multicast address names a group, and TCP joins two endpoints: \
                    give the address of one interface, such as 127.0.0.1"
                .to_owned(),
        );
    }
    Ok(address)
}

/// Ends the program as clap does when the command line is wrong.
fn wrong(what: &str) -> ! {
    Args::command()
        .error(ErrorKind::ValueValidation, what)
        .exit()
}

#[cfg(test)]
mod tests {
    use super::{Args, address};
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn addresses_of_both_families() {
        assert!(address("::1").unwrap().is_ipv6());
        assert!(address("[::1]").unwrap().is_ipv6());
        assert!(address("127.0.0.1").unwrap().is_ipv4());
        assert!(address("224.0.0.1").unwrap_err().contains("group"));
        assert!(address("localhost").unwrap_err().contains("127.0.0.1"));
        assert!(address("127.0.0.1:8080").unwrap_err().contains("--port"));
    }

    #[test]
    fn naive_and_talk_anytime_exclude_each_other() {
        for line in [
            "chat server --naive --talk-anytime",
            "chat client --port 70000",
            "chat client --prot 1",
        ] {
            assert!(Args::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
