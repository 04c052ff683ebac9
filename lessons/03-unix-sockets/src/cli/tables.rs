//! `kinds` and `compare`: what was observed, as tables.

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use anyhow::bail;
use clap::Args;
use lesson_03_unix_sockets::compare::{Pair, Placement, Plan, latency, throughput};
use lesson_03_unix_sockets::kinds::{KINDS, observe};
use lesson_03_unix_sockets::text::{reason, shown};

use super::out::say;

pub fn kinds() -> anyhow::Result<()> {
    say!("three writes: one, two, three; then reads, until there is nothing")?;
    let mut seen = Vec::new();
    for (name, kind) in KINDS {
        match observe(kind, &[b"one", b"two", b"three"]) {
            Ok(observed) => {
                let reads: Vec<_> = observed.reads.iter().map(|read| shown(read)).collect();
                let count = reads.len();
                let plural = if count == 1 { "read" } else { "reads" };
                say!("  {name:9}  {count} {plural}: {}", reads.join(" | "))?;
                seen.push((name, observed));
            }
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                say!("  {name:9}  this system does not have it")?;
            }
            Err(error) => bail!("{name}: {}", reason(&error)),
        }
    }
    say!("nobody reads: how many messages of 1,000 octets fit before the kernel says wait")?;
    for (name, observed) in seen {
        let lost = observed.fitted - observed.arrived;
        say!("  {name:9}  {} fitted, {lost} lost", observed.fitted)?;
    }
    Ok(())
}

#[derive(Debug, Args)]
pub struct Compare {
    /// Round trips of one octet in a block
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Blocks for each transport, taken alternately; the median counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..1_000))]
    blocks: u32,
    /// Octets in one write
    #[arg(long, default_value_t = 262_144, value_parser = clap::value_parser!(u32).range(1..=67_108_864))]
    chunk: u32,
    /// MiB that a block of the throughput measurement carries
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    mib: u32,
    /// The loopback address for TCP: 127.0.0.1 or ::1
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    addr: IpAddr,
}

pub fn compare(args: &Compare) -> anyhow::Result<()> {
    if !args.addr.is_loopback() {
        bail!(
            "{} is not a loopback address: use 127.0.0.1 or ::1",
            args.addr
        );
    }
    let plan = Plan {
        blocks: args.blocks as usize,
        rounds: args.rounds,
        octets: args.mib as usize * 1024 * 1024,
        chunk: args.chunk as usize,
        addr: args.addr,
    };
    let failed = |error: io::Error| anyhow::anyhow!("cannot measure: {}", reason(&error));
    say!(
        "median of {} blocks each, TCP and AF_UNIX alternating",
        plan.blocks
    )?;
    for placement in Placement::all() {
        let pair = latency(&plan, placement).map_err(failed)?;
        say!("round trip, {:9} {}", cpus(placement), times(pair))?;
    }
    // A stream keeps both ends busy, and the scheduler places them well by itself.
    let pair = throughput(&plan, Placement::Free).map_err(failed)?;
    say!("throughput, {:9} {}", cpus(Placement::Free), rates(pair))?;
    say!(
        "(round trip of one octet; {} octets a write; ratio AF_UNIX / TCP)",
        plan.chunk
    )?;
    Ok(())
}

fn cpus(placement: Placement) -> &'static str {
    match placement {
        Placement::Same(_) => "1 CPU",
        Placement::Apart(..) => "2 CPUs",
        Placement::Free => "any CPU",
    }
}

fn times(pair: Pair) -> String {
    let (tcp, unix) = (pair.tcp * 1e6, pair.unix * 1e6);
    let ratio = pair.unix / pair.tcp;
    format!("TCP {tcp:6.2} µs    AF_UNIX {unix:6.2} µs    ratio {ratio:.2}")
}

fn rates(pair: Pair) -> String {
    let (tcp, unix) = (pair.tcp / 1e9, pair.unix / 1e9);
    let ratio = pair.unix / pair.tcp;
    format!("TCP {tcp:6.2} GB/s  AF_UNIX {unix:6.2} GB/s  ratio {ratio:.2}")
}

/// Both figures in short, for the tour.
pub fn in_short() -> anyhow::Result<()> {
    let plan = Plan {
        blocks: 5,
        rounds: 500,
        octets: 64 * 1024 * 1024,
        chunk: 256 * 1024,
        addr: IpAddr::V4(Ipv4Addr::LOCALHOST),
    };
    for placement in Placement::all().into_iter().take(1) {
        let pair = latency(&plan, placement)?;
        let percent = pair.unix / pair.tcp * 100.0;
        let (tcp, unix) = (pair.tcp * 1e6, pair.unix * 1e6);
        say!("   round trip: {unix:.1} µs, over TCP {tcp:.1} µs: {percent:.0} % of the time")?;
    }
    let pair = throughput(&plan, Placement::Free)?;
    let percent = pair.unix / pair.tcp * 100.0;
    let (tcp, unix) = (pair.tcp / 1e9, pair.unix / 1e9);
    say!("   stream: {unix:.1} GB/s, over TCP {tcp:.1} GB/s: {percent:.0} % of the rate")?;
    Ok(())
}
