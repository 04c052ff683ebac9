//! The command line.

use clap::{Parser, Subcommand};
use lesson_04_tcp_chat::DEFAULT_PORT;
use std::net::{IpAddr, SocketAddr};

/// A chat pair over TCP: server and client take turns, and bye ends it.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Wait for a caller, talk with it, end.
    Server(Talk),
    /// Call a server and speak first.
    Client(Talk),
}

#[derive(Debug, clap::Args)]
pub struct Endpoint {
    /// Address to listen on or to call, IPv4 or IPv6.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
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
}

#[derive(Debug, clap::Args)]
pub struct Talk {
    #[command(flatten)]
    pub endpoint: Endpoint,
    /// Behave as the first tutorial's program does, faults and all.
    #[arg(long)]
    pub naive: bool,
    /// Show at most this many octets of one turn, and count the rest.
    #[arg(long, default_value_t = 1 << 20, value_name = "OCTETS")]
    pub show_at_most: u64,
}
