//! What may stand on the command line.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::{Parser, Subcommand};
use lesson_02_tcp_vs_udp::{
    experiments::{crossing, duplicates, loss, order},
    numbered,
    relay::{SEGMENT, SILENCE},
};

/// TCP and UDP: the differences seen, not told.
///
/// Without a subcommand, all twelve experiments run on this machine's loopback
/// (about five seconds), and a table tells what was observed in this run. Each
/// subcommand tells one of them in detail. Nothing leaves this machine.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    verbatim_doc_comment,
    after_help = "\
Examples:
  lesson-02-tcp-vs-udp                      all experiments, and a table
  lesson-02-tcp-vs-udp boundaries           one of them
  lesson-02-tcp-vs-udp loss --seed 3        other datagrams are lost

Three terminals, bad weather in the middle one:
  lesson-02-tcp-vs-udp receive --port 9001
  lesson-02-tcp-vs-udp relay --listen 127.0.0.1:9000 --to 127.0.0.1:9001 \\
      --drop 20 --seed 7 --log
  lesson-02-tcp-vs-udp send --to 127.0.0.1:9000

Run through cargo: cargo run -q -p lesson-02-tcp-vs-udp -- boundaries"
)]
pub struct Args {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every experiment takes.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The address of this machine to run on: 127.0.0.1, or ::1 for IPv6
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS", value_parser = one_interface)]
    pub addr: IpAddr,
}

/// The experiments bind to this address and send to it.
fn one_interface(text: &str) -> Result<IpAddr, String> {
    match text.parse::<IpAddr>() {
        Ok(addr) if addr.is_unspecified() || addr.is_multicast() => {
            Err("this names no single interface: use 127.0.0.1 or ::1".into())
        }
        Ok(addr) => Ok(addr),
        Err(_) => Err("an IP address is wanted, such as 127.0.0.1 or ::1".into()),
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Three writes, one read; three datagrams, three reads
    Boundaries(Options),
    /// Calling where nobody listens, and where somebody sleeps
    NobodyHome(Options),
    /// A path that loses: UDP loses datagrams, TCP loses time
    Loss {
        #[command(flatten)]
        options: Options,
        #[command(flatten)]
        seed: Seed,
        /// Percent of messages that the path loses
        #[arg(long, default_value_t = loss::PERCENT, value_name = "PERCENT", value_parser = percent())]
        drop: u8,
    },
    /// A path that lets datagrams overtake each other
    Order {
        #[command(flatten)]
        options: Options,
        #[command(flatten)]
        seed: Seed,
        /// Percent of messages that the next one overtakes
        #[arg(long, default_value_t = order::PERCENT, value_name = "PERCENT", value_parser = percent())]
        reorder: u8,
    },
    /// A path that delivers some datagrams twice
    Duplicates {
        #[command(flatten)]
        options: Options,
        #[command(flatten)]
        seed: Seed,
        /// Percent of messages that the path doubles
        #[arg(long, default_value_t = duplicates::PERCENT, value_name = "PERCENT", value_parser = percent())]
        duplicate: u8,
    },
    /// One UDP socket, many peers; one datagram, many receivers (multicast)
    OneToMany(Options),
    /// Both directions at once, and one of them closed
    FullDuplex(Options),
    /// A receiver that stops reading: TCP makes the sender wait, UDP drops
    Backpressure(Options),
    /// A datagram larger than the buffer, and larger than UDP carries
    Truncation(Options),
    /// Packets and time until the first answer; octets a second after that
    Cost(Options),
    /// Two small writes and a read: why it takes 40 ms, and two cures
    SmallWrites(Options),
    /// A receiver slower than its sender loses datagrams on a perfect path
    Overrun(Options),
    /// Stand between two programs and make bad weather
    Relay(Relay),
    /// Send numbered messages, or a text
    Send(Send),
    /// Receive messages, and tell which are missing
    Receive(Receive),
}

/// The seed of the weather.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Seed {
    /// Same seed, same fates; another seed, another storm
    #[arg(long, default_value_t = crossing::SEED)]
    pub seed: u64,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Put it between any two programs. The sender sends to the relay, the relay sends on:
  lesson-02-tcp-vs-udp relay --listen 127.0.0.1:9000 --to 127.0.0.1:9001 --drop 20 --log
  lesson-02-tcp-vs-udp relay --tcp --port 8080 --to 127.0.0.1:80 --delay 100

A UDP relay truly loses, doubles and reorders datagrams. A TCP relay can only do what such
a path does to the program that reads: the octets come complete and in order, but later.
It runs until you press Ctrl-C.")]
pub struct Relay {
    /// Address and port to listen on, in one: 127.0.0.1:9000 or [::1]:9000
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with_all = ["addr", "port"])]
    pub listen: Option<SocketAddr>,
    /// Address to listen on
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    pub addr: IpAddr,
    /// Port to listen on; 0 lets the system choose a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Where everything is sent on to: 127.0.0.1:9001, [::1]:9001, localhost:9001
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub to: String,
    /// Relay TCP connections instead of UDP datagrams
    #[arg(long)]
    pub tcp: bool,
    /// Percent of datagrams that are lost (TCP: chunks that come late, see --resend-after)
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = percent())]
    pub drop: u8,
    /// Percent of datagrams that arrive twice (TCP: nothing to be seen)
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = percent())]
    pub duplicate: u8,
    /// Percent of datagrams that the next one overtakes (TCP: chunks that come 20 ms late)
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = percent())]
    pub reorder: u8,
    /// Milliseconds that everything is on its way, in each direction
    #[arg(long, default_value_t = 0, value_name = "MS", value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub delay: u64,
    /// TCP: milliseconds until a lost chunk is sent again
    #[arg(long, default_value_t = 200, value_name = "MS", value_parser = clap::value_parser!(u64).range(..=60_000))]
    pub resend_after: u64,
    /// Same seed, same fates
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// TCP: octets of one chunk at most
    #[arg(long, default_value_t = SEGMENT, value_name = "OCTETS", value_parser = segment)]
    pub segment: usize,
    /// UDP: seconds without a datagram after which a client is forgotten
    #[arg(long, default_value_t = SILENCE.as_secs(), value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub silence: u64,
    /// Print every datagram (TCP: chunk) and its fate
    #[arg(long)]
    pub log: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  lesson-02-tcp-vs-udp send --to 127.0.0.1:9001                  ten datagrams
  lesson-02-tcp-vs-udp send --to 127.0.0.1:9001 --tcp --count 3  one stream
  lesson-02-tcp-vs-udp send --to 127.0.0.1:9001 hello            one datagram: hello")]
pub struct Send {
    /// The receiver (or a relay): 127.0.0.1:9001, [::1]:9001, localhost:9001
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub to: String,
    /// Send a TCP stream instead of UDP datagrams
    #[arg(long)]
    pub tcp: bool,
    /// How many numbered messages, `message 01` and so on
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=i64::from(numbered::MAX)))]
    pub count: u32,
    /// Send this text once instead of numbered messages
    #[arg(conflicts_with = "count")]
    pub text: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
UDP: it ends when nothing has come for a while, because a datagram socket never hears that
the sender is done. TCP: it ends with the stream.

Examples:
  lesson-02-tcp-vs-udp receive --port 9001
  lesson-02-tcp-vs-udp receive --port 9001 --tcp --times")]
pub struct Receive {
    /// Address to listen on; ::1 for IPv6
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    pub addr: IpAddr,
    /// Port to listen on; 0 lets the system choose a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Accept one TCP connection instead of receiving datagrams
    #[arg(long)]
    pub tcp: bool,
    /// How many numbered messages should come: without it, the last ones are not missed
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=i64::from(numbered::MAX)))]
    pub expect: Option<u32>,
    /// Seconds to wait for the first message
    #[arg(long, default_value_t = 60, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub wait: u64,
    /// UDP: seconds of silence after which it ends
    #[arg(long, default_value_t = 2, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub quiet: u64,
    /// Print when each message came, counted from the first one
    #[arg(long)]
    pub times: bool,
}

fn percent() -> clap::builder::RangedI64ValueParser<u8> {
    clap::value_parser!(u8).range(0..=100)
}

fn segment(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(octets @ 1..=65_536) => Ok(octets),
        _ => Err("a chunk has 1 to 65536 octets".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_experiment_needs_one_address() {
        assert!(one_interface("127.0.0.1").is_ok() && one_interface("::1").is_ok());
        for text in ["0.0.0.0", "::", "224.0.0.1", "ff02::1", "localhost"] {
            assert!(one_interface(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
