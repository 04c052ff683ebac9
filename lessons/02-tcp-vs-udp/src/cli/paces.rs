//! Experiments about time and space.

use std::time::Duration;

use lesson_02_tcp_vs_udp::{
    experiments::{
        backpressure::{self, DATAGRAM, DATAGRAMS},
        cost::{self, BULK, Price},
        overrun::{self, BATCH, COUNT, SIZE, WORK},
        small_writes::{self, ROUNDS, median},
    },
    net::Lab,
};

use super::out::{ms, say, wide_ms};

pub fn backpressure(lab: &Lab) -> anyhow::Result<()> {
    let seen = backpressure::run(lab)?;
    say!("TCP: the reader does not read, the writer writes until it must wait.")?;
    say!(
        "  {} octets fitted: write returned, and nobody had read one",
        seen.tcp_fitted
    )?;
    say!(
        "  buffers: sender {} octets, receiver {}",
        seen.tcp_send_buffer,
        seen.tcp_recv_buffer
    )?;
    say!(
        "  then the reader read: {} octets came, none was lost",
        seen.tcp_read
    )?;
    say!("UDP: the same with {DATAGRAMS} datagrams of {DATAGRAM} octets.")?;
    say!(
        "  {} sends worked, {} failed; no send had to wait",
        seen.udp_sent,
        seen.udp_refused
    )?;
    say!("  buffer: receiver {} octets", seen.udp_recv_buffer)?;
    say!(
        "  then the receiver read: {} datagrams were there",
        seen.udp_arrived
    )?;
    say!("\"send returned\" says that the kernel has a copy. Only an answer says more.")
}

pub fn cost(lab: &Lab) -> anyhow::Result<()> {
    let seen = cost::run(lab)?;
    say!("Until the first answer (question and answer: 16 octets each):")?;
    price("UDP, no connection", &seen.udp)?;
    price("TCP, new connection", &seen.tcp_new)?;
    price("TCP, open connection", &seen.tcp_open)?;
    say!("By the rules: 1 round trip; 2 (the first connects); 1.")?;
    say!("Then {} octets at full speed:", BULK)?;
    bulk("TCP", seen.tcp_bulk)?;
    bulk("UDP", seen.udp_bulk)?;
    say!("TCP is slow to begin. It is not slow.")
}

fn price(how: &str, price: &Price) -> anyhow::Result<()> {
    let time = wide_ms(price.time);
    match price.crossed {
        Some(crossed) => {
            let (packets, octets) = (crossed.packets, crossed.octets);
            say!("  {time}  {packets:>2} packets  {octets:>4} octets   {how}")
        }
        None => say!("  {time}   {how}"),
    }
}

fn bulk(protocol: &str, (count, time): (usize, Duration)) -> anyhow::Result<()> {
    let (time, speed) = (wide_ms(time), megabytes_a_second(count, time));
    say!(
        "  {time}  {speed:>4} MB/s  {:>3} % arrived   {protocol}",
        count * 100 / BULK
    )
}

/// Millions of octets a second that really arrived.
pub fn megabytes_a_second(count: usize, time: Duration) -> u128 {
    count as u128 / time.as_micros().max(1)
}

pub fn small_writes(lab: &Lab) -> anyhow::Result<()> {
    let seen = small_writes::run(lab)?;
    say!("One question and its answer, {ROUNDS} rounds each, taking turns (median):")?;
    for (times, how) in [
        (&seen.two_writes, "TCP: write, write, read"),
        (
            &seen.one_write,
            "TCP: write, read (both parts in one write)",
        ),
        (&seen.no_delay, "TCP: write, write, read, with TCP_NODELAY"),
        (&seen.datagrams, "UDP: send, send, recv"),
    ] {
        say!("  {}   {how}", wide_ms(median(times)))?;
    }
    let ratio = seen.ratio();
    say!("With Nagle's algorithm, two small writes take {ratio:.0} times as long as one.")?;
    if ratio > 10.0 {
        say!("The second write waits for the acknowledgement of the first (Nagle), and the")?;
        say!("receiver delays that acknowledgement, hoping to send it with an answer.")
    } else {
        say!("This system acknowledges quickly: the wait did not show in this run.")
    }
}

pub fn overrun(lab: &Lab) -> anyhow::Result<()> {
    let seen = overrun::run(lab)?;
    say!(
        "{COUNT} datagrams of {SIZE} octets; the receiver needs {} microseconds for each.",
        WORK.as_micros()
    )?;
    say!("UDP, as fast as the sender can ({}):", ms(seen.send_time))?;
    say!("  {} sent, {} arrived", seen.sent, seen.arrived)?;
    if let Some(dropped) = seen.dropped_by_kernel {
        say!("  the kernel says it dropped {dropped} at the full receive buffer")?;
    }
    say!(
        "UDP, the receiver asks for every {BATCH} ({}):",
        ms(seen.paced_time)
    )?;
    say!("  {COUNT} sent, {} arrived", seen.paced_arrived)?;
    say!(
        "TCP, the same octets, a reader as slow ({}):",
        ms(seen.tcp_time)
    )?;
    say!(
        "  {} octets sent, {} arrived",
        COUNT * SIZE,
        seen.tcp_arrived
    )?;
    say!("No line was bad: there was none. The buffer of the receiver was full.")
}
