//! Experiments about pieces, peers and directions.

use lesson_02_tcp_vs_udp::{
    experiments::{
        boundaries::{self, WIDE},
        full_duplex,
        nobody_home::{self, Outcome},
        one_to_many::{self, PEERS},
        truncation::{self, SMALL, TEXT},
    },
    net::Lab,
    show::show,
};

use super::out::{list, ms, octets, say};

pub fn boundaries(lab: &Lab) -> anyhow::Result<()> {
    let seen = boundaries::run(lab)?;
    say!(
        "TCP: three writes of {} octets. The reader asks for 1024 octets:",
        list(&seen.written)
    )?;
    reads("read", &seen.tcp_reads)?;
    say!("UDP: three datagrams of {} octets:", list(&seen.written))?;
    reads("recv", &seen.udp_reads)?;
    say!(
        "TCP: one write of {}, \"{WIDE}\". The reader asks for 4:",
        octets(WIDE.len())
    )?;
    reads("read", &seen.wide_reads)?;
    say!("TCP keeps the octets and their order, not the pieces.")?;
    say!("UDP keeps the pieces: one recv, one datagram.")
}

fn reads(call: &str, reads: &[Vec<u8>]) -> anyhow::Result<()> {
    for (number, read) in (1..).zip(reads) {
        say!(
            "  {call} {number} returned {}: \"{}\"",
            octets(read.len()),
            show(read)
        )?;
    }
    Ok(())
}

pub fn truncation(lab: &Lab) -> anyhow::Result<()> {
    let seen = truncation::run(lab)?;
    say!(
        "A message of {}, \"{TEXT}\", read with room for {SMALL}:",
        octets(TEXT.len())
    )?;
    let tcp: Vec<String> = seen
        .tcp_reads
        .iter()
        .map(|read| format!("\"{read}\""))
        .collect();
    say!("  TCP, three reads: {}", list(&tcp))?;
    for (number, read) in (1..).zip(&seen.udp_reads) {
        say!("  UDP, recv {number}: \"{read}\"")?;
    }
    say!(
        "  UDP, recv {}: nothing came in 200 ms",
        seen.udp_reads.len() + 1
    )?;
    let told = if seen.udp_told {
        "The system reported the cut."
    } else {
        "No call reported it."
    };
    say!("The rest of the datagram is gone. {told}")?;
    say!("How large may a datagram be?")?;
    for (size, outcome) in &seen.sizes {
        match outcome {
            Ok(arrived) => say!("  {size:>5} octets sent, {arrived:>5} arrived")?,
            Err(reason) => say!("  {size:>5} octets refused: {reason}")?,
        }
    }
    Ok(())
}

pub fn nobody_home(lab: &Lab) -> anyhow::Result<()> {
    let seen = nobody_home::run(lab)?;
    say!("TCP, a port that nobody listens on:")?;
    outcome("connect", &seen.tcp_connect)?;
    say!("UDP, a port that nobody has open:")?;
    outcome("send_to", &seen.udp_unconnected[0])?;
    outcome("recv", &seen.udp_unconnected[1])?;
    say!("UDP, the same with a connected socket:")?;
    for (call, result) in ["send", "recv", "send", "recv"]
        .iter()
        .zip(&seen.udp_connected)
    {
        outcome(call, result)?;
    }
    say!("TCP, a listening socket whose program never calls accept:")?;
    for (call, result) in ["connect", "write", "read"].iter().zip(&seen.asleep) {
        outcome(call, result)?;
    }
    say!("\"connect worked\" says that a kernel answered, not that a program is there.")
}

fn outcome(call: &str, outcome: &Outcome) -> anyhow::Result<()> {
    match outcome {
        Outcome::Done(0) => say!("  {call:<8} worked"),
        Outcome::Done(count) => say!("  {call:<8} worked, {}", octets(*count)),
        Outcome::Refused => say!("  {call:<8} failed: connection refused"),
        Outcome::Silence => say!("  {call:<8} nothing came in 200 ms"),
        Outcome::Other(reason) => say!("  {call:<8} failed: {reason}"),
    }
}

pub fn one_to_many(lab: &Lab) -> anyhow::Result<()> {
    let seen = one_to_many::run(lab)?;
    say!("A server and {PEERS} peers, each gets its own answer:")?;
    say!(
        "  TCP: {} sockets at the server (1 listens), {} local port, {} answered",
        seen.tcp_sockets,
        seen.tcp_ports,
        seen.tcp_answered
    )?;
    say!(
        "  UDP: {} socket at the server, {} peers told apart by recv_from, {} answered",
        seen.udp_sockets,
        seen.udp_peers,
        seen.udp_answered
    )?;
    match seen.multicast {
        Ok(seen) => {
            say!(
                "A multicast group of {PEERS} members on loopback, {}:",
                seen.group
            )?;
            say!(
                "  one to many:  1 datagram sent, {} received",
                seen.one_to_many
            )?;
            say!(
                "  many to many: {PEERS} datagrams sent, {} received",
                seen.many_to_many
            )?;
            say!("TCP has no such thing: a connection has two ends.")
        }
        Err(reason) => say!("This machine has no multicast on loopback: {reason}."),
    }
}

pub fn full_duplex(lab: &Lab) -> anyhow::Result<()> {
    let seen = full_duplex::run(lab)?;
    say!("Both sides send before either reads:")?;
    for (protocol, [one, other]) in [("TCP", &seen.tcp_crossed), ("UDP", &seen.udp_crossed)] {
        say!("  {protocol}: one side read \"{one}\", the other read \"{other}\"")?;
    }
    let mib = full_duplex::BULK / 1024 / 1024;
    say!("TCP, {mib} MiB each way at once:")?;
    say!(
        "  {} and {} octets arrived in {}",
        seen.bulk[0],
        seen.bulk[1],
        ms(seen.bulk_time)
    )?;
    say!(
        "  octets were arriving at both ends during {} of it",
        ms(seen.both_arriving)
    )?;
    say!("TCP, the client closes its direction (half-close):")?;
    say!(
        "  the server's read returned {} octets: the end of the stream",
        seen.end_of_stream
    )?;
    say!("  the client still read \"{}\"", seen.after_half_close)?;
    say!("UDP has no end of a stream; an empty datagram is a datagram:")?;
    match seen.empty_datagram {
        Some(count) => say!("  recv returned {count} octets, and the next datagram may follow"),
        None => say!("  the empty datagram did not arrive"),
    }
}
