//! Experiments through the relay.

use lesson_02_tcp_vs_udp::{
    experiments::{crossing::Crossing, duplicates, loss, order},
    net::Lab,
    numbered::Account,
};

use super::out::{list, ms, say};

pub fn loss(lab: &Lab, seed: u64, percent: u8) -> anyhow::Result<()> {
    let crossing = loss::run(lab, seed, percent)?;
    say!(
        "{} messages through a path that loses {percent} % (seed {seed}):",
        crossing.udp.sent
    )?;
    let missing = crossing.udp.missing();
    udp(&crossing, &format!("missing: {}", list(&missing)))?;
    tcp(&crossing)?;
    if missing.is_empty() {
        say!("Nothing was lost in this run.")?;
    } else {
        say!("UDP loses messages, and nobody is told. TCP loses time.")?;
    }
    in_the_kernel(lab)
}

/// The relay only imitates what loss does to TCP. Linux can do it truly.
#[cfg(target_os = "linux")]
fn in_the_kernel(lab: &Lab) -> anyhow::Result<()> {
    use lesson_02_tcp_vs_udp::experiments::kernel_loss::{self, COUNT, DROP};
    say!("The relay can only imitate loss for TCP. Now the kernel drops {DROP} %:")?;
    match kernel_loss::run(lab) {
        Ok(seen) => {
            say!("  UDP: {} of {COUNT} arrived", seen.udp_arrived)?;
            say!(
                "  TCP: {} of {COUNT} arrived, after {}",
                seen.tcp_arrived,
                ms(seen.tcp_time)
            )?;
            if let Some(count) = seen.segments_sent_again {
                say!("  segments sent again: {count} (counter of the whole machine)")?;
            }
            Ok(())
        }
        Err(trouble) => say!("  not on this machine: {trouble} (some kernels let only root do it)"),
    }
}

#[cfg(not(target_os = "linux"))]
fn in_the_kernel(_lab: &Lab) -> anyhow::Result<()> {
    say!("The relay only imitates what happens to TCP. Linux can show true loss.")
}

pub fn order(lab: &Lab, seed: u64, percent: u8) -> anyhow::Result<()> {
    let crossing = order::run(lab, seed, percent)?;
    say!(
        "{} messages, {percent} % are overtaken by the next (seed {seed}):",
        crossing.udp.sent
    )?;
    let overtaken = crossing.udp.overtaken();
    udp(
        &crossing,
        &format!("came after a later one: {}", list(&overtaken)),
    )?;
    tcp(&crossing)?;
    if overtaken.is_empty() {
        return say!("Nothing was overtaken in this run.");
    }
    say!("UDP hands over what comes, as it comes. TCP holds octets back until their turn.")
}

pub fn duplicates(lab: &Lab, seed: u64, percent: u8) -> anyhow::Result<()> {
    let crossing = duplicates::run(lab, seed, percent)?;
    say!(
        "{} messages, {percent} % arrive twice (seed {seed}):",
        crossing.udp.sent
    )?;
    let copies = crossing.udp.copies();
    udp(&crossing, &format!("came again: {}", list(&copies)))?;
    tcp(&crossing)?;
    if copies.is_empty() {
        return say!("Nothing came twice in this run.");
    }
    say!("A copy is a datagram like any other to UDP. TCP knows every octet's number.")
}

fn udp(crossing: &Crossing, verdict: &str) -> anyhow::Result<()> {
    say!("  UDP: {} arrived:", crossing.udp.arrived.len())?;
    say!("       {}", row(&crossing.udp))?;
    say!("       {verdict}")
}

fn tcp(crossing: &Crossing) -> anyhow::Result<()> {
    let order = if crossing.tcp.is_perfect() {
        "all, in order, once"
    } else {
        "not as sent"
    };
    say!("  TCP: {} arrived: {order}", crossing.tcp.arrived.len())?;
    say!(
        "       after {} (clear path: {})",
        ms(crossing.tcp_time),
        ms(crossing.tcp_clear_time)
    )
}

fn row(account: &Account) -> String {
    let numbers: Vec<String> = account.arrived.iter().map(ToString::to_string).collect();
    numbers.join(" ")
}
